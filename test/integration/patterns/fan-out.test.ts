import { expect, test } from 'vitest';

import { sampleEvent } from '../../fixtures/events.ts';
import { fanOutFlow, sampleService } from '../../fixtures/flows.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';
import { useSampleBus } from './sample-bus.ts';

const bus = useSampleBus();
const service = sampleService(fanOutFlow);

test('every entitled subscriber gets an event, and nobody else', async () => {
  await using space = await bus(service);
  const [sink, urgent] = [new PlayedApplication(), new PlayedApplication()];
  const source = await space.adapter('source', new PlayedApplication());
  await space.adapter('sink', sink);
  await space.adapter('urgent-sink', urgent);
  const send = (id: string, priority: number) =>
    source.send(sampleEvent({ type: 'Hit', id, payload: { text: 'x', priority } }));
  expect(await send('low', 5)).toEqual({ status: 202, reason: 'stored' });
  expect(await send('high', 1)).toEqual({ status: 202, reason: 'stored' });
  await sink.until(2);
  await urgent.until(1);
  expect(sink.ids).toEqual(['low', 'high']);
  expect(urgent.ids).toEqual(['high']);
});
