/** Largest body of an event that is read, in bytes. x-flow.maxBytes is at most 1 MiB: what is a little too large is still read, and then refused. */
const maxEventBytes = 4 * 1024 ** 2;

/** The body of an HTTP message; undefined once it is more than any event may have. */
export async function readBody(message: AsyncIterable<unknown>): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of message as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    if (bytes > maxEventBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
