import { createHash, type Hash } from 'node:crypto';

import { jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

import { isJsonObject, type JsonValue } from '../model/json.ts';
import { objectStream } from '../model/names.ts';
import { Tap } from './tap.ts';

/** A reading that is given nothing for this long has lost its server. */
const silenceMs = 10_000;
const digestHead = 'SHA-256=';

/** An object as its bucket holds it. */
export interface StoredObject {
  readonly name: string;
  readonly deleted: boolean;
  /** Of what lies there; the digest in hex. */
  readonly bytes: number;
  readonly digest: string;
  /** Whether that is as the bucket says of it. */
  readonly sound: boolean;
}

export interface BucketContents {
  readonly objects: readonly StoredObject[];
  /** Subjects of chunks that no object names, and how many lie there: an object store lists none of them. */
  readonly orphans: ReadonlyMap<string, number>;
}

/** Chunks under one unique id, read in order. */
interface Pieces {
  bytes: number;
  chunks: number;
  readonly hash: Hash;
}

/**
 * Reads what was put into an object store after a place in its stream (0: all of it), chunk by chunk and once. `onError` is told of what
 * nobody can read.
 */
export async function readBucket(
  connection: NatsConnection,
  bucket: string,
  after: number,
  onError: (cause: unknown) => void,
): Promise<BucketContents> {
  const [ofChunks, ofObjects] = [`$O.${bucket}.C.`, `$O.${bucket}.M.`];
  const pieces = new Map<string, Pieces>();
  const said = new Map<string, SaidOfObject>();
  const see = (message: Msg): void => {
    const { subject, data } = message;
    if (subject.startsWith(ofChunks)) {
      const id = subject.slice(ofChunks.length);
      const those = pieces.get(id) ?? { bytes: 0, chunks: 0, hash: createHash('sha256') };
      pieces.set(id, those);
      those.bytes += data.length;
      those.chunks++;
      those.hash.update(data);
      return;
    }
    if (!subject.startsWith(ofObjects)) return;
    const object = objectIn(message);
    if (object === undefined) onError(new Error(`what ${bucket} says of an object is none of it`));
    else said.set(object.name, object);
  };
  await readAll(connection, objectStream(bucket), after, see, onError);
  const objects = [...said.values()].map((object) => storedObject(object, pieces.get(object.nuid)));
  const named = new Set([...said.values()].filter(({ deleted }) => !deleted).map(({ nuid }) => nuid));
  const orphans = [...pieces]
    .filter(([id]) => !named.has(id))
    .map(([id, { chunks }]) => [ofChunks + id, chunks] as const);
  return { objects, orphans: new Map(orphans) };
}

async function readAll(
  connection: NatsConnection,
  stream: string,
  after: number,
  see: (message: Msg) => void,
  onError: (cause: unknown) => void,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { state } = await manager.streams.info(stream);
  if (state.last_seq <= after) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`reading ${stream} stood still`)), silenceMs);
  const tap = await Tap.open(connection, {
    stream,
    after,
    flowControl: true,
    onMessage: (message, { pending }) => {
      timer.refresh();
      see(message);
      if (pending === 0) resolve();
    },
    onError,
  });
  try {
    if (!(await tap.caughtUp())) await promise;
  } finally {
    clearTimeout(timer);
    tap.stop();
  }
}

/** What a bucket says of an object. */
interface SaidOfObject {
  readonly name: string;
  readonly nuid: string;
  readonly deleted: boolean;
  readonly size: number;
  /** In hex; '' for one of another kind. */
  readonly digest: string;
}

function objectIn(message: Msg): SaidOfObject | undefined {
  const value = parsed(message);
  if (!isJsonObject(value) || typeof value['name'] !== 'string') return undefined;
  const { name, nuid, deleted, size, digest } = value;
  return {
    name,
    nuid: typeof nuid === 'string' ? nuid : '',
    deleted: deleted === true,
    size: typeof size === 'number' ? size : 0,
    digest: typeof digest === 'string' ? hexOf(digest) : '',
  };
}

function parsed(message: Msg): JsonValue | undefined {
  try {
    return message.json<JsonValue>();
  } catch {
    return undefined;
  }
}

const hexOf = (digest: string): string =>
  digest.startsWith(digestHead) ? Buffer.from(digest.slice(digestHead.length), 'base64url').toString('hex') : '';

function storedObject(said: SaidOfObject, found: Pieces | undefined): StoredObject {
  const { name, deleted, size } = said;
  const bytes = found?.bytes ?? 0;
  const digest = (found?.hash ?? createHash('sha256')).digest('hex');
  return { name, deleted, bytes, digest, sound: size === bytes && (bytes === 0 || said.digest === digest) };
}
