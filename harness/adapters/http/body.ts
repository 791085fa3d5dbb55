import type { IncomingMessage } from 'node:http';

/** All of a body; undefined once it is more than `limitBytes`, of which no more is read. Rejects where the connection breaks. */
export async function readBody(message: IncomingMessage, limitBytes: number): Promise<Uint8Array | undefined> {
  if (Number(message.headers['content-length'] ?? 0) > limitBytes) return undefined;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limitBytes) return undefined;
    parts.push(part);
  }
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}
