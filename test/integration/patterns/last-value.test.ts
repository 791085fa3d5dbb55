import { expect, test } from 'vitest';

import { provision } from '../../../harness/bus/provision.ts';
import { topologyOf } from '../../../harness/patterns/topology.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { lastValueFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(lastValueFlow);
const nobody = new PlayedApplication();

const fix = (id: string, second: number, key = 'CALL1', text = 'here') =>
  sampleEvent({
    type: 'Value',
    id,
    payload: { text },
    headers: { 'ce-partitionkey': key, 'ce-time': `2026-03-01T12:00:${String(second).padStart(2, '0')}Z` },
  });

test('an older or equally old value is refused and not stored', async () => {
  await using space = await bus(service);
  const source = await space.adapter('source', nobody);
  expect((await source.send(fix('v5', 5))).status).toBe(202);
  expect(await source.send(fix('v4', 4))).toEqual({ status: 409, reason: 'superseded' });
  expect(await source.send(fix('w5', 5))).toEqual({ status: 409, reason: 'superseded' });
  expect((await source.send(fix('other', 1, 'CALL2'))).status).toBe(202);
  expect((await source.send(fix('v6', 6))).status).toBe(202);
  expect(await space.stored('VALUES')).toHaveLength(3);
});

test('times of different offsets are compared as moments', async () => {
  await using space = await bus(service);
  const source = await space.adapter('source', nobody);
  const at = (id: string, time: string) => ({ ...fix(id, 0), headers: { ...fix(id, 0).headers, 'ce-time': time } });
  expect((await source.send(at('a', '2026-03-29T01:30:00+01:00'))).status).toBe(202);
  expect(await source.send(at('b', '2026-03-29T00:29:59Z'))).toMatchObject({ reason: 'superseded' });
  expect((await source.send(at('c', '2026-03-29T00:30:01Z'))).status).toBe(202);
});

test('of publishes that race for a subject, what is stored last is the newest', async () => {
  await using space = await bus(service);
  const [one, two] = [await space.adapter('source', nobody), await space.adapter('source', nobody)];
  await Promise.all([5, 9, 2, 7, 3, 8].map((second, n) => (n % 2 === 0 ? one : two).send(fix(`v${second}`, second))));
  const stored = (await space.stored('VALUES')).map(({ headers }) => headers['ce-time'] ?? '');
  expect(stored).toEqual([...stored].sort());
  expect(stored.at(-1)).toBe('2026-03-01T12:00:09Z');
});

test('an older value on the bus is acknowledged unseen and noticed', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication();
  await space.adapter('sink', sink);
  await space.inject('sample.values.CALL1', fix('new', 9));
  await space.inject('sample.values.CALL1', fix('old', 3));
  await space.inject('sample.values.CALL2', fix('else', 1, 'CALL2'));
  await space.untilVerb('+ACK', 3);
  expect([...sink.ids].sort()).toEqual(['else', 'new']);
  expect(await space.notices()).toEqual(['superseded old']);
});

test('values of one key are handed over one after another, and a failed one does not come back over a newer one', async () => {
  await using space = await bus(service);
  let busy = 0;
  let most = 0;
  const sink = new PlayedApplication(async (event) => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setTimeout(resolve, 20));
    busy--;
    return { status: event.headers['ce-id'] === 'v1' ? 500 : 200 };
  });
  await space.adapter('sink', sink);
  for (const n of [1, 2, 3]) await space.inject('sample.values.CALL1', fix(`v${n}`, n));
  await space.untilVerb('+ACK', 3);
  expect(most).toBe(1);
  expect(sink.ids).toEqual(['v1', 'v2', 'v3']);
  expect(await space.notices()).toEqual(['superseded v1']);
});

test('a newcomer gets the newest value of each key, then the changes', async () => {
  await using space = await bus(service);
  const source = await space.adapter('source', nobody);
  for (const n of [1, 2, 3]) await source.send(fix(`a${n}`, n));
  await source.send(fix('b1', 1, 'CALL2'));
  await space.jsm.consumers.delete('VALUES', 'sink');
  await provision(space.admin, topologyOf(service));
  const sink = new PlayedApplication();
  await space.adapter('sink', sink);
  await sink.until(2);
  await source.send(fix('a4', 4));
  await sink.until(3);
  expect([...sink.ids].sort()).toEqual(['a3', 'a4', 'b1']);
});

test('what was stored by a publish whose acknowledgement was lost is answered 202 when it is repeated', async () => {
  await using space = await bus(service);
  await space.inject('sample.values.CALL1', fix('v1', 1));
  const source = await space.adapter('source', nobody);
  expect((await source.send(fix('v1', 1))).status).toBe(202);
  expect(await space.stored('VALUES')).toHaveLength(1);
});
