import { expect, test } from 'vitest';

import { sampleEvent } from '../../fixtures/events.ts';
import { workQueueFlow } from '../../fixtures/flows.ts';
import { plannedOf } from '../../fixtures/planned.ts';
import { useReferenceSpace } from './reference-space.ts';

const open = useReferenceSpace();
const task = (id: string) => sampleEvent({ type: 'Task', id, payload: { text: `secret of ${id} X7K2QW9ZTB` } });

test('each change of custody is recorded once, in an unbroken chain, whatever became of the message', async () => {
  const events = ['taken', 'refused', 'late', 'failing'].map(task);
  await using space = await open(workQueueFlow, { planned: plannedOf(workQueueFlow.id, ...events) });
  for (const event of events) await space.publish('sample.tasks', event);
  const verbs: Record<string, string> = { taken: '+ACK', refused: '+TERM rejected', late: '+TERM expired', failing: '-NAK {"delay": 1000000}' };
  await space.work('sink', 6, (message) => verbs[message.headers?.get('ce-id') ?? '']);
  await space.bus.drainExhausted(['sink'], 3_000);
  await space.end();
  const trail = await space.trail();
  expect(trail.map(({ change, id, how, reason, deliveries }) => [change, id, how, reason, deliveries].join(' ')).toSorted()).toEqual([
    'accepted failing   0', 'accepted late   0', 'accepted refused   0', 'accepted taken   0',
    'dead-lettered failing  exhausted 3', 'dead-lettered refused  rejected 1',
    'settled failing exhausted exhausted 3', 'settled late expired expired 1', 'settled refused rejected rejected 1', 'settled taken acknowledged  1',
  ]);
  expect(space.rows('audit').every(({ chain, canary, digest }) => chain === 'yes' && canary === 'no' && digest === 'no')).toBe(true);
  expect(space.rows('anchor').map(({ number, signature, head, final }) => [number, signature, head, final])).toEqual([[10, 'yes', 'yes', 'yes']]);
  console.log(JSON.stringify([space.rows('stored')[0], space.rows('consumerState'), space.problems, space.rows('problem'),space.rows('streamState')]));
});
