import { createHash } from 'node:crypto';

import { JsHeaders } from '@nats-io/jetstream';
import { Objm, type ObjectInfo, type ObjectStore } from '@nats-io/obj';
import { nuid } from '@nats-io/transport-node';

import type { Bus } from './bus.ts';
import { toNats } from './event.ts';
import { formatTime, now } from './time.ts';

/** Half of what a server takes in one message by default. */
const chunkBytes = 512 * 1024;
/** Chunks that are on their way to the store at once. */
const chunksInFlight = 4;

/** Size and SHA-256, in hex, of content. */
export interface Found {
  readonly bytes: number;
  readonly sha256: string;
}

export const equal = (a: Found | undefined, b: Found): boolean => a?.bytes === b.bytes && a.sha256 === b.sha256;

/**
 * The objects of a claim-check bucket (C4), laid out as NATS's object store has it (ADR-20): chunks on `$O.<bucket>.C.<id>`, and the
 * object's description, published last, on `$O.<bucket>.M.<name in base64url>`. The library's own `get` and `put` hold whole objects.
 */
export class Objects {
  readonly #bus: Bus;
  readonly #bucket: string;
  readonly #store: ObjectStore;

  private constructor(bus: Bus, bucket: string, store: ObjectStore) {
    this.#bus = bus;
    this.#bucket = bucket;
    this.#store = store;
  }

  /** Throws where the bucket is not there yet. */
  static async open(bus: Bus, bucket: string): Promise<Objects> {
    return new Objects(bus, bucket, await new Objm(bus.client).open(bucket, true));
  }

  async find(name: string): Promise<Found | undefined> {
    const info = await this.#info(name);
    return info === undefined ? undefined : { bytes: info.size, sha256: digestOf(info) };
  }

  /** Streams content into an object, which is there only once all of it came; undefined where it is more than `limitBytes`. */
  async put(name: string, content: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Found | undefined> {
    const before = await this.#info(name);
    const id = nuid.next();
    const digest = createHash('sha256');
    const flying: Promise<unknown>[] = [];
    let [bytes, chunks] = [0, 0];
    try {
      for await (const chunk of inChunks(content)) {
        bytes += chunk.length;
        if (bytes > limitBytes) break;
        digest.update(chunk);
        if (flying.length === chunksInFlight) await flying.shift();
        const publishing = this.#bus.client.publish(this.#chunks(id), chunk);
        publishing.catch(() => undefined);
        flying.push(publishing);
        chunks++;
      }
      await Promise.all(flying);
      if (bytes <= limitBytes) {
        const found = { bytes, sha256: digest.digest('hex') };
        await this.#describe(name, id, chunks, found);
        if (before !== undefined) await this.#purge(before.nuid);
        return found;
      }
    } catch (error) {
      await Promise.allSettled(flying); // what is purged must have arrived first
      await this.#purge(id);
      throw error;
    }
    await this.#purge(id);
    return undefined;
  }

  async remove(name: string): Promise<void> {
    await this.#store.delete(name);
  }

  /** The object's bytes, a chunk at a time. Throws where they are not what its digest says. */
  async *read(name: string): AsyncGenerator<Uint8Array, void> {
    const info = await this.#info(name);
    if (info === undefined) throw new Error('the object is gone');
    const digest = createHash('sha256');
    let sequence = 0;
    for (let chunk = 0; chunk < info.chunks; chunk++) {
      const query = { seq: sequence + 1, next_by_subj: this.#chunks(info.nuid) };
      const message = await this.#bus.manager.direct.getMessage(`OBJ_${this.#bucket}`, query);
      if (message === null) throw new Error('a chunk of the object is gone');
      sequence = message.seq;
      digest.update(message.data);
      yield message.data;
    }
    if (digest.digest('hex') !== digestOf(info)) throw new Error('the object is not what its digest says');
  }

  async #info(name: string): Promise<ObjectInfo | undefined> {
    const info = await this.#store.info(name);
    return info === null || info.deleted ? undefined : info;
  }

  async #describe(name: string, id: string, chunks: number, { bytes, sha256 }: Found): Promise<void> {
    const description = {
      name,
      bucket: this.#bucket,
      nuid: id,
      size: bytes,
      chunks,
      digest: `SHA-256=${base64url(Buffer.from(sha256, 'hex'))}`,
      mtime: formatTime(now()),
      options: { max_chunk_size: chunkBytes },
      deleted: false,
    };
    const headers = toNats({ [JsHeaders.RollupHdr]: JsHeaders.RollupValueSubject });
    const subject = `$O.${this.#bucket}.M.${base64url(Buffer.from(name))}`;
    await this.#bus.client.publish(subject, JSON.stringify(description), { headers });
  }

  async #purge(id: string): Promise<void> {
    await this.#bus.manager.streams.purge(`OBJ_${this.#bucket}`, { filter: this.#chunks(id) });
  }

  #chunks(id: string): string {
    return `$O.${this.#bucket}.C.${id}`;
  }
}

/** In hex; the store writes base64url. */
const digestOf = ({ digest }: ObjectInfo): string =>
  Buffer.from(digest.replace('SHA-256=', ''), 'base64url').toString('hex');

/** With its padding, as the store has it. */
function base64url(bytes: Buffer): string {
  const text = bytes.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The same bytes in chunks of one size, the last one shorter. */
async function* inChunks(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let parts: Uint8Array[] = [];
  let held = 0;
  for await (const piece of content) {
    let rest = piece;
    while (held + rest.length >= chunkBytes) {
      const room = chunkBytes - held;
      yield Buffer.concat([...parts, rest.subarray(0, room)]);
      rest = rest.subarray(room);
      [parts, held] = [[], 0];
    }
    if (rest.length > 0) parts.push(rest);
    held += rest.length;
  }
  if (held > 0) yield Buffer.concat(parts);
}
