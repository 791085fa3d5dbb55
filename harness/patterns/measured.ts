import { createHash } from 'node:crypto';

/** Size and SHA-256 (hex) of what was found in the store, or streamed. */
export interface FoundContent {
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes on their way, counted and digested as they pass. */
export interface Measured {
  readonly content: AsyncGenerator<Uint8Array, void>;
  /** What has passed so far. */
  found(): FoundContent;
}

/** Counts and digests; stops with a RangeError once more than `limitBytes` have passed. */
export function measured(content: AsyncIterable<Uint8Array>, limitBytes: number): Measured {
  const digest = createHash('sha256');
  let bytes = 0;
  async function* pass(): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > limitBytes) throw new RangeError('more content than the manifest says');
      digest.update(chunk);
      yield chunk;
    }
  }
  return { content: pass(), found: () => ({ bytes, sha256: digest.copy().digest('hex') }) };
}

/** The same bytes in chunks of one size, the last one shorter. */
export async function* inChunks(
  content: AsyncIterable<Uint8Array>,
  chunkBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const piece of content) {
    let rest = piece;
    while (held + rest.length >= chunkBytes) {
      const room = chunkBytes - held;
      yield Buffer.concat([...parts, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      parts = [];
      held = 0;
    }
    if (rest.length > 0) parts.push(rest);
    held += rest.length;
  }
  if (held > 0) yield Buffer.concat(parts);
}
