import { expect, test } from 'vitest';
import { consumersOf, flowOf, messageOf, messagesOf, providersOf, type Flow } from '../../harness/model/flow.ts';
import { flows, serviceOf } from '../checkers/flows.ts';

const fan: Flow = flows['fan-out'];
const asks: Flow = flows['request-reply'];

test('who publishes provides, and who answers', () => {
  expect(providersOf(fan)).toEqual(['sender']);
  expect(consumersOf(fan)).toEqual(['one', 'two']);
  expect(providersOf(asks)).toEqual(['one']);
  expect(consumersOf(asks)).toEqual(['sender']);
});

test('a service has the flow of a channel, or none', () => {
  expect(flowOf(serviceOf(fan), 'things')?.id).toBe('service/things');
  expect(flowOf(serviceOf(fan), 'nothing')).toBeUndefined();
});

test('a flow has its messages and its replies, by name', () => {
  expect(messagesOf(asks).map(({ name }) => name)).toEqual(['Thing', 'Reply', 'Refusal']);
  expect(messageOf(asks, 'Reply').name).toBe('Reply');
  expect(() => messageOf(asks, 'Another')).toThrow(new RangeError('service/things has no message Another'));
});
