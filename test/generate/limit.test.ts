import { expect, test } from 'vitest';

import { limitMsOf } from '../../harness/generate/workload/limit.ts';
import { fanOutFlow } from '../fixtures/flows.ts';

test('a wait has 15 s where durations are shortened', () => {
  expect(limitMsOf({ ...fanOutFlow, ackWaitMs: 2000, attempts: 4, backoffMs: [100, 100, 200] })).toBe(15_000);
});

test('a wait is long enough for two ack waits and all pauses between attempts where durations run as declared', () => {
  const declared = { ...fanOutFlow, ackWaitMs: 30_000, attempts: 5, backoffMs: [1000, 5000, 30_000] };
  expect(limitMsOf(declared)).toBeGreaterThan(2 * 30_000 + 1000 + 5000 + 30_000 + 30_000);
});

test('a flow without attempts to repeat has it too', () => {
  expect(limitMsOf({ ...fanOutFlow, ackWaitMs: 5000, attempts: 1, backoffMs: [] })).toBe(20_000);
});
