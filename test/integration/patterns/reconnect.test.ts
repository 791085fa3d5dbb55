import { expect, test } from 'vitest';

import { sampleEvent } from '../../fixtures/events.ts';
import { orderedFlow, questionsFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const nobody = new PlayedApplication();

const event = (sequence: number) =>
  sampleEvent({
    type: 'Ordered',
    id: `e${sequence}`,
    headers: { 'ce-partitionkey': 'A', 'ce-sequence': String(sequence) },
  });

test('after a restart of the server an adapter goes on where it was, and says 503 meanwhile', async () => {
  const service = sampleService(orderedFlow, questionsFlow);
  await using space = await bus(service);
  const sink = new PlayedApplication();
  const adapter = await space.adapter('sink', sink);
  const source = await space.adapter('source', nobody);
  const asker = await space.adapter('asker', nobody);
  expect((await source.send(event(1))).status).toBe(202);
  await sink.until(1);
  const control = bus.control();
  await control.kill();
  while (adapter.healthy() || source.healthy() || asker.healthy()) await new Promise(setImmediate);
  expect(await source.send(event(2))).toEqual({ status: 503, reason: 'not-connected' });
  const question = sampleEvent({
    type: 'Question',
    id: 'q',
    headers: { 'ce-expirytime': new Date(Date.now() + 2000).toISOString() },
  });
  expect(await asker.send(question)).toEqual({ status: 503, reason: 'not-connected' });
  await control.start();
  let answer = await source.send(event(2));
  while (answer.status !== 202) {
    await new Promise(setImmediate);
    answer = await source.send(event(2));
  }
  await sink.until(2);
  expect(new Set(sink.ids)).toEqual(new Set(['e1', 'e2']));
  expect(adapter.healthy()).toBe(true);
});
