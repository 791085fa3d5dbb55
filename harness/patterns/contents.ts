import { createHash } from 'node:crypto';

import { jetstream } from '@nats-io/jetstream';
import { Objm, type ObjectStore } from '@nats-io/obj';

import type { Port } from './pattern.ts';

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

/** Counts and digests; stops with an error once more than `limitBytes` have passed. */
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

/** The objects of a claim-check bucket. Content passes through in chunks and is never held whole. */
export class Contents {
  readonly #port: Port;
  readonly #bucket: string;
  readonly #store: ObjectStore;

  private constructor(port: Port, bucket: string, store: ObjectStore) {
    this.#port = port;
    this.#bucket = bucket;
    this.#store = store;
  }

  static async open(port: Port, bucket: string): Promise<Contents> {
    const client = jetstream(port.connection, { checkAPI: false });
    return new Contents(port, bucket, await new Objm(client).open(bucket, true));
  }

  async find(name: string): Promise<FoundContent | undefined> {
    const info = await this.#store.info(name);
    if (info === null || info.deleted) return undefined;
    const digest = info.digest.replace('SHA-256=', '');
    return { bytes: info.size, sha256: Buffer.from(digest, 'base64url').toString('hex') };
  }

  /** Streams content into an object, and tells what came. The object is there only once all of it came. */
  async put(name: string, content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<FoundContent> {
    const passing = measured(content, limitBytes);
    try {
      await this.#store.put({ name }, ReadableStream.from(passing.content));
    } finally {
      await passing.content.return();
    }
    return passing.found();
  }

  async remove(name: string): Promise<void> {
    await this.#store.delete(name);
  }

  /**
   * The object's bytes, one chunk ahead of its reader. (The library's `get` pushes all chunks into memory, however slowly they are
   * read.)
   */
  async *read(name: string): AsyncGenerator<Uint8Array, void> {
    const info = await this.#store.info(name);
    if (info === null || info.deleted) throw new Error('the object is gone');
    const next = (from: number): Promise<{ seq: number; data: Uint8Array } | null> =>
      this.#port.jsm.direct.getMessage(`OBJ_${this.#bucket}`, {
        seq: from,
        next_by_subj: `$O.${this.#bucket}.C.${info.nuid}`,
      });
    let ahead = info.chunks === 0 ? undefined : next(1);
    for (let chunk = 1; ahead !== undefined; chunk++) {
      const message = await ahead;
      if (message === null) throw new Error('a chunk of the object is gone');
      ahead = chunk < info.chunks ? next(message.seq + 1) : undefined;
      // Awaited only after the reader has taken this chunk: a failure meanwhile is not to go unhandled.
      ahead?.catch(() => undefined);
      yield message.data;
    }
  }
}
