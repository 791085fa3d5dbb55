import { jetstream, JsHeaders, type JetStreamClient } from '@nats-io/jetstream';
import { Objm, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
import { nuid } from '@nats-io/transport-node';

import { objectStream } from '../model/names.ts';
import { toHeaders } from './headers.ts';
import { inChunks, measured, type FoundContent } from './measured.ts';
import type { Port } from './pattern.ts';
import type { Removal } from './removal.ts';

/** Half of what a server takes in one message by default. */
const chunkBytes = 512 * 1024;
/** Chunks that are on their way to the store at once. */
const chunksInFlight = 4;

/**
 * The objects of a claim-check bucket, laid out as NATS's object store has it (ADR-20): chunks on `$O.<bucket>.C.<id>`, and the
 * object's description, published last, on `$O.<bucket>.M.<name in base64url>`. Content passes through in chunks and is never held
 * whole. The library's `get` pushes all chunks into memory however slowly they are read, and its `put` digests in JavaScript and
 * waits for each chunk: reading and writing are done here.
 */
export class Contents {
  readonly #port: Port;
  readonly #bucket: string;
  readonly #client: JetStreamClient;
  readonly #store: ObjectStore;

  private constructor(port: Port, bucket: string, client: JetStreamClient, store: ObjectStore) {
    this.#port = port;
    this.#bucket = bucket;
    this.#client = client;
    this.#store = store;
  }

  static async open(port: Port, bucket: string): Promise<Contents> {
    const client = jetstream(port.connection, { checkAPI: false });
    return new Contents(port, bucket, client, await new Objm(client).open(bucket, true));
  }

  async find(name: string): Promise<FoundContent | undefined> {
    const info = await this.#info(name);
    if (info === undefined) return undefined;
    return { bytes: info.size, sha256: sha256Of(info) };
  }

  /** Streams content into an object, and tells what came. The object is there only once all of it came. */
  async put(name: string, content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<FoundContent> {
    const before = await this.#info(name);
    const passing = measured(content, limitBytes);
    const id = nuid.next();
    try {
      const chunks = await this.#putChunks(id, passing.content);
      const found = passing.found();
      await this.#describe(name, id, chunks, found);
      if (before !== undefined) await this.#purge(before.nuid);
      return found;
    } catch (error) {
      await this.#purge(id);
      throw error;
    } finally {
      await passing.content.return();
    }
  }

  /** Takes an object out of the store, as `withdraw` has it; nothing where there is none. */
  async remove(name: string, withdraw: (removal: Removal) => Promise<void>): Promise<void> {
    const info = await this.#info(name);
    if (info === undefined) return;
    const { nuid: id } = info;
    await withdraw({
      unname: () => this.#describe(name, id, 0, undefined),
      discard: () => this.#purge(id),
    });
  }

  /** The object's bytes, read one chunk ahead of whoever takes them. */
  async *read(name: string): AsyncGenerator<Uint8Array, void> {
    const info = await this.#info(name);
    if (info === undefined) throw new Error('the object is gone');
    const next = (from: number): Promise<{ seq: number; data: Uint8Array } | null> =>
      this.#port.jsm.direct.getMessage(objectStream(this.#bucket), {
        seq: from,
        next_by_subj: this.#chunks(info.nuid),
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

  async #info(name: string): Promise<ObjectInfo | undefined> {
    const info = await this.#store.info(name);
    return info === null || info.deleted ? undefined : info;
  }

  async #putChunks(id: string, content: AsyncIterable<Uint8Array>): Promise<number> {
    const flying: Promise<unknown>[] = [];
    let count = 0;
    try {
      for await (const chunk of inChunks(content, chunkBytes)) {
        if (flying.length === chunksInFlight) await flying.shift();
        const publishing = this.#client.publish(this.#chunks(id), chunk);
        publishing.catch(() => undefined);
        flying.push(publishing);
        count++;
      }
      await Promise.all(flying);
    } finally {
      // What is purged after a failure must have arrived first.
      await Promise.allSettled(flying);
    }
    return count;
  }

  /** Publishes what an object is; one of nothing is deleted. */
  async #describe(name: string, id: string, chunks: number, found: FoundContent | undefined): Promise<void> {
    const digest =
      found === undefined ? '' : `SHA-256=${padded(Buffer.from(found.sha256, 'hex').toString('base64url'))}`;
    const [size, deleted] = [found?.bytes ?? 0, found === undefined];
    const mtime = new Date(this.#port.now()).toISOString();
    const options = { max_chunk_size: chunkBytes };
    const info = { name, bucket: this.#bucket, nuid: id, size, chunks, digest, mtime, options, deleted };
    await this.#client.publish(
      `$O.${this.#bucket}.M.${padded(Buffer.from(name).toString('base64url'))}`,
      JSON.stringify(info),
      { headers: toHeaders({ [JsHeaders.RollupHdr]: JsHeaders.RollupValueSubject }) },
    );
  }

  async #purge(id: string): Promise<void> {
    await this.#port.jsm.streams.purge(objectStream(this.#bucket), { filter: this.#chunks(id) });
  }

  #chunks(id: string): string {
    return `$O.${this.#bucket}.C.${id}`;
  }
}

/** What the store says that an object's SHA-256 is, in hex. */
export function sha256Of({ digest }: ObjectInfo): string {
  return Buffer.from(digest.replace('SHA-256=', ''), 'base64url').toString('hex');
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
