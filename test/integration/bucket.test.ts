import { createHash } from 'node:crypto';
import { jetstream } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import { expect, test } from 'vitest';
import { objectStream } from '../../harness/model/names.ts';
import { readBucket } from '../../harness/observe/bucket.ts';
import { bundlesFlow, receiptsFlow, sampleService } from '../fixtures/flows.ts';
import { useSampleBus, type SampleBus } from './patterns/sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(bundlesFlow, receiptsFlow);
const large = new Uint8Array(700_000).fill(7);
const small = new TextEncoder().encode('a content');
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function put(space: SampleBus, name: string, bytes: Uint8Array): Promise<string> {
  const store = await new Objm(jetstream(space.admin)).open('FILES');
  return (await store.put({ name }, ReadableStream.from([bytes]))).nuid;
}

async function read(space: SampleBus, after = 0) {
  const troubles: unknown[] = [];
  const contents = await readBucket(space.admin, 'FILES', after, (cause) => troubles.push(cause));
  return { ...contents, troubles };
}

const lastOf = async ({ jsm }: SampleBus): Promise<number> =>
  (await jsm.streams.info(objectStream('FILES'))).state.last_seq;

test('an object store is read whole: of each object its bytes and their digest, as they lie there', async () => {
  await using space = await bus(service);
  await put(space, 'b1/0', large);
  await put(space, 'b1/1', small);
  await put(space, 'b1/2', new Uint8Array());
  expect(await read(space)).toEqual({
    objects: [
      { name: 'b1/0', deleted: false, bytes: large.length, digest: sha256(large), sound: true },
      { name: 'b1/1', deleted: false, bytes: small.length, digest: sha256(small), sound: true },
      { name: 'b1/2', deleted: false, bytes: 0, digest: sha256(new Uint8Array()), sound: true },
    ],
    orphans: new Map(),
    troubles: [],
  });
});

test('what lay there before is left out, what took its place is not, and what was deleted is named', async () => {
  await using space = await bus(service);
  await put(space, 'old/0', small);
  await put(space, 'again/0', small);
  const before = await lastOf(space);
  expect((await read(space, before)).objects).toEqual([]);
  await put(space, 'again/0', large);
  await put(space, 'gone/0', small);
  await (await new Objm(jetstream(space.admin)).open('FILES')).delete('gone/0');
  const { objects, orphans } = await read(space, before);
  expect(objects.map(({ name, deleted, bytes }) => [name, deleted, bytes])).toEqual([
    ['again/0', false, large.length],
    ['gone/0', true, 0],
  ]);
  expect(orphans.size).toBe(0);
});

test('an object that is not what is said of it is not sound, and chunks that none names are orphans', async () => {
  await using space = await bus(service);
  const nuid = await put(space, 'b1/0', small);
  await space.jsm.streams.purge(objectStream('FILES'), { filter: `$O.FILES.C.${nuid}` });
  await jetstream(space.admin).publish(`$O.FILES.C.${nuid}`, new TextEncoder().encode('b content'));
  for (let chunk = 0; chunk < 2; chunk++) await jetstream(space.admin).publish('$O.FILES.C.NOBODY', small);
  const { objects, orphans, troubles } = await read(space);
  expect(objects.map(({ bytes, sound }) => [bytes, sound])).toEqual([[small.length, false]]);
  expect([...orphans]).toEqual([['$O.FILES.C.NOBODY', 2]]);
  expect(troubles).toEqual([]);
});

test('what nobody can read of an object is told, and the others are read', async () => {
  await using space = await bus(service);
  await jetstream(space.admin).publish('$O.FILES.M.bm9uc2Vuc2U=', 'no JSON');
  await put(space, 'b1/0', small);
  const { objects, troubles } = await read(space);
  expect(objects.map(({ name }) => name)).toEqual(['b1/0']);
  expect(troubles).toHaveLength(1);
});
