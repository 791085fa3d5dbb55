import { expect, test } from 'vitest';

import { replaySubject } from '../../../harness/model/names.ts';
import { standardSteps } from '../../../harness/patterns/steps.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { orderedFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(orderedFlow);
const nobody = new PlayedApplication();

const event = (key: string, sequence: number, text = 'x') =>
  sampleEvent({
    type: 'Ordered',
    id: `${key}-${sequence}`,
    payload: { text },
    headers: { 'ce-partitionkey': key, 'ce-sequence': String(sequence) },
  });

test('order per key holds through redelivery and over two instances', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication((_event, time) => ({ status: time === 1 ? 500 : 200 }));
  await space.adapter('sink', sink);
  await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  for (let n = 1; n <= 4; n++) for (const key of ['A', 'B']) await source.send(event(key, n));
  await space.untilVerb('+ACK', 8);
  for (const key of ['A', 'B']) {
    const seen = sink.ids.filter((id) => id.startsWith(key));
    expect(seen).toEqual([1, 1, 2, 2, 3, 3, 4, 4].map((n) => `${key}-${n}`));
  }
});

test('a gap parks its key alone, and its dead letters put back in order resume it', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication();
  await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  for (const sent of [event('A', 1), event('A', 3), event('A', 4), event('B', 1)]) await source.send(sent);
  await space.untilVerb('+TERM gap', 2);
  await space.untilVerb('+ACK', 2);
  expect([...sink.ids].sort()).toEqual(['A-1', 'B-1']);
  await source.send(event('A', 2));
  await space.untilVerb('+ACK', 3);
  const stored = (await space.stored('ORDERED')).find(({ headers }) => headers['ce-id'] === 'A-3')?.subject ?? '';
  for (const n of [3, 4]) await space.inject(replaySubject('sink', stored), event('A', n), `replayed ${n}`);
  await space.untilVerb('+ACK', 5);
  expect(sink.ids.filter((id) => id.startsWith('A'))).toEqual(['A-1', 'A-2', 'A-3', 'A-4']);
});

test('what was accepted before a restart is acknowledged unseen', async () => {
  await using space = await bus(service);
  const first = new PlayedApplication();
  const adapter = await space.adapter('sink', first);
  await space.inject('sample.ordered.A', event('A', 1));
  await space.untilVerb('+ACK');
  await adapter.crash();
  const second = new PlayedApplication();
  await space.adapter('sink', second);
  await space.inject('sample.ordered.A', event('A', 1), 'again');
  await space.inject('sample.ordered.A', event('A', 2));
  await space.untilVerb('+ACK', 3);
  expect(second.ids).toEqual(['A-2']);
});

test('each subscribing application has its own place in every key', async () => {
  await using space = await bus(service);
  const [sink, archive] = [new PlayedApplication(), new PlayedApplication()];
  await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  for (const n of [1, 2]) await source.send(event('A', n));
  await space.untilVerb('+ACK', 2);
  await space.adapter('archive', archive);
  await archive.until(2);
  expect(archive.ids).toEqual(['A-1', 'A-2']);
});

test('a sequence that could not be kept is kept at the redelivery, without a second effect', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication();
  let failures = 1;
  await space.adapter('sink', sink, {
    steps: {
      ...standardSteps,
      advance: (store, accepted) =>
        failures-- > 0 ? Promise.reject(new Error('no bucket')) : standardSteps.advance(store, accepted),
    },
  });
  await space.inject('sample.ordered.A', event('A', 1));
  await space.inject('sample.ordered.A', event('A', 2));
  await space.untilVerb('+ACK', 2);
  expect(sink.ids).toEqual(['A-1', 'A-2']);
  expect(space.verbs.map(({ text }) => text)).toEqual(['-NAK {"delay":40000000}', '+ACK', '+ACK']);
});

test('a poison message holds its own partition only', async () => {
  await using space = await bus(service);
  const sink = new PlayedApplication((handed) => ({ status: handed.headers['ce-partitionkey'] === 'A' ? 500 : 200 }));
  await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  const keys = ['A', 'B', 'C', 'D', 'E', 'F'];
  for (const key of keys) await source.send(event(key, 1));
  await space.untilVerb('+ACK', keys.length - 1);
  await space.untilVerb('-NAK {"delay":80000000}', 2);
  expect([...new Set(sink.ids)].sort()).toEqual(keys.map((key) => `${key}-1`));
});
