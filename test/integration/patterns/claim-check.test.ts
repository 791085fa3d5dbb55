import { createHash } from 'node:crypto';

import { jetstream } from '@nats-io/jetstream';
import { Objm, type ObjectStore } from '@nats-io/obj';
import { expect, test } from 'vitest';

import type { ApplicationAnswer } from '../../../harness/adapters/application.ts';
import type { CloudEvent } from '../../../harness/model/event.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { bundlesFlow, receiptsFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus, type SampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(bundlesFlow, receiptsFlow);

const files = [new Uint8Array(300_000).fill(7), new TextEncoder().encode('second'), new Uint8Array()];

function bundle(id: string, contents: readonly Uint8Array[] = files): CloudEvent {
  const manifest = contents.map((content, n) => ({
    name: `file-${n}`,
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
    mediaType: 'application/octet-stream',
  }));
  return sampleEvent({ type: 'Bundle', id, payload: { text: 'a case', reference: 'R1', manifest } });
}

function preparing(id: string, contents: readonly Uint8Array[] = files): PlayedApplication {
  const application = new PlayedApplication();
  for (const [n, content] of contents.entries()) application.contents.set(`${id}/${n}`, content);
  return application;
}

const objects = async (space: SampleBus): Promise<ObjectStore> => new Objm(jetstream(space.admin)).open('FILES');

test('every content is staged whole before the event is handed over', async () => {
  await using space = await bus(service);
  let stagedBefore = 0;
  const sink = new PlayedApplication((): ApplicationAnswer => {
    stagedBefore = sink.staged.size;
    return { status: 201 };
  });
  await space.adapter('sink', sink);
  const source = await space.adapter('source', preparing('b1'));
  expect(await source.send(bundle('b1'))).toEqual({ status: 202, reason: 'stored' });
  await space.untilVerb('+ACK');
  expect(stagedBefore).toBe(3);
  for (const [n, content] of files.entries()) {
    expect(Buffer.compare(sink.staged.get(`b1/${n}`) ?? new Uint8Array(1), content)).toBe(0);
  }
});

test.each([
  ['a wrong digest', [files[0], new TextEncoder().encode('secomd')]],
  ['too much', [files[0], new TextEncoder().encode('second and more')]],
  ['too little', [files[0], new TextEncoder().encode('sec')]],
  ['nothing', [files[0]]],
] as const)(
  'a provider whose application gives %s answers 422, leaves no such object and publishes nothing',
  async (_what, given) => {
    await using space = await bus(service);
    const source = await space.adapter('source', preparing('b1', given as readonly Uint8Array[]));
    expect(await source.send(bundle('b1', files.slice(0, 2)))).toEqual({ status: 422, reason: 'content' });
    const info = await (await objects(space)).info('b1/1');
    expect(info === null || info.deleted).toBe(true);
    expect(await space.stored('BUNDLES')).toEqual([]);
  },
);

test('what is in the store with the right digest is not fetched again', async () => {
  await using space = await bus(service);
  const application = preparing('b1');
  const source = await space.adapter('source', application);
  expect((await source.send(bundle('b1'))).status).toBe(202);
  application.contents.clear();
  expect((await source.send(bundle('b1'))).status).toBe(202);
});

test('the same id with another bundle is a conflict and does not touch the first one’s objects', async () => {
  await using space = await bus(service);
  const application = preparing('b1');
  const source = await space.adapter('source', application);
  expect((await source.send(bundle('b1'))).status).toBe(202);
  const other = [new TextEncoder().encode('other')];
  application.contents.set('b1/0', other[0] ?? new Uint8Array());
  expect(await source.send(bundle('b1', other))).toEqual({ status: 409, reason: 'conflict' });
  expect((await (await objects(space)).info('b1/0'))?.size).toBe(300_000);
  expect(await space.notices()).toEqual(['conflict b1']);
});

test.each([
  [
    'changed',
    async (store: ObjectStore): Promise<unknown> => store.putBlob({ name: 'b1/1' }, new TextEncoder().encode('secomd')),
  ],
  ['missing', async (store: ObjectStore): Promise<unknown> => store.delete('b1/1')],
] as const)('a consumer refuses a bundle with a %s object as a whole, and tells its provider', async (_what, spoil) => {
  await using space = await bus(service);
  const provider = preparing('b1');
  const source = await space.adapter('source', provider);
  await source.send(bundle('b1'));
  await spoil(await objects(space));
  const sink = new PlayedApplication();
  await space.adapter('sink', sink);
  await space.untilVerb('+TERM content');
  await provider.until(1);
  expect(sink.handed).toEqual([]);
  expect(sink.staged.has('b1/1')).toBe(false);
  const { event } = provider.handed[0] ?? { event: undefined };
  expect(JSON.parse(new TextDecoder().decode(event?.body))).toEqual({ reference: 'R1', reasonCodes: ['content'] });
  expect(event?.headers).toMatchObject({
    'ce-id': 'b1-refused',
    'ce-causationid': 'b1',
    'ce-source': 'urn:application:sink',
  });
});

test('a slow staging keeps the message in hand beyond its ack wait', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication();
  const stage = sink.stage.bind(sink);
  let stagings = 0;
  sink.stage = async (id, item, content) => {
    stagings++;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return stage(id, item, content);
  };
  await space.adapter('sink', sink);
  const source = await space.adapter('source', preparing('b1', files.slice(0, 2)));
  await source.send(bundle('b1', files.slice(0, 2)));
  await space.untilVerb('+ACK');
  expect(stagings).toBe(2);
  expect(space.verbs.filter(({ text }) => text === '+WPI').length).toBeGreaterThanOrEqual(2);
});

test('an object is read one chunk ahead of the application, however slowly that reads', async () => {
  await using space = await bus(service);
  const content = new Uint8Array(3 * 1024 ** 2).fill(1);
  let reads = 0;
  space.admin.subscribe('$JS.API.DIRECT.GET.OBJ_FILES', { callback: () => void reads++ });
  const sink = new PlayedApplication();
  const ahead: number[] = [];
  sink.stage = async (_id, _item, parts) => {
    let taken = 0;
    for await (const _part of parts) {
      taken++;
      await space.admin.flush();
      ahead.push(reads - taken);
    }
    return { status: 200 };
  };
  await space.adapter('sink', sink);
  const source = await space.adapter('source', preparing('big', [content]));
  expect((await source.send(bundle('big', [content]))).status).toBe(202);
  await space.untilVerb('+ACK');
  expect(ahead.length).toBeGreaterThan(5);
  expect(Math.max(...ahead)).toBe(1);
});

test('what is stored is an object that any client of the object store reads', async () => {
  await using space = await bus(service);
  const content = Uint8Array.from({ length: 1_200_000 }, (_, at) => at % 251);
  const source = await space.adapter('source', preparing('b1', [content, new Uint8Array()]));
  expect((await source.send(bundle('b1', [content, new Uint8Array()]))).status).toBe(202);
  const store = await objects(space);
  expect(Buffer.compare((await store.getBlob('b1/0')) ?? new Uint8Array(), content)).toBe(0);
  expect(await store.getBlob('b1/1')).toHaveLength(0);
  expect((await store.list()).map(({ name, size }) => `${name} ${size}`).sort()).toEqual(['b1/0 1200000', 'b1/1 0']);
});

test('a refused content leaves no chunk behind', async () => {
  await using space = await bus(service);
  const source = await space.adapter('source', preparing('b1', [new Uint8Array(700_000), new Uint8Array(5)]));
  expect((await source.send(bundle('b1', [new Uint8Array(600_000)]))).status).toBe(422);
  expect((await source.send(bundle('b1', [new Uint8Array(700_001)]))).status).toBe(422);
  const { state } = await space.jsm.streams.info('OBJ_FILES', { subjects_filter: '$O.FILES.C.>' });
  expect(state.subjects ?? {}).toEqual({});
});
