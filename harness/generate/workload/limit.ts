import type { Flow } from '../../model/flow.ts';

const leastMs = 15_000;
/** What comes and goes beside the declared durations. */
const besideMs = 10_000;

/**
 * Longest time for the lanes and for the drain, each: enough for a message that two holders keep for the ack wait and that uses all its
 * attempts up, for durations may run as they are declared.
 */
export function limitMsOf({ ackWaitMs = 0, attempts, backoffMs }: Flow): number {
  const pauses = Array.from({ length: attempts - 1 }, (_, at) => backoffMs[Math.min(at, backoffMs.length - 1)] ?? 0);
  return Math.max(leastMs, 2 * ackWaitMs + pauses.reduce((sum, pause) => sum + pause, besideMs));
}
