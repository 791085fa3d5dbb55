import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';

/** Durations and sizes that do not go together. */
export function checkDurations(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  for (const { flow, at } of flows) {
    const say = (field: string, what: string, next: string): void => {
      mistakes.add(placeAt(child(at, field)), `${what} (x-flow of ${flow.channel})`, next);
    };
    const { attempts, backoffMs, dedupeWindowMs, expiryMs, retention, p99Ms } = flow;
    if (backoffMs.length > attempts - 1) {
      say(
        'backoffMs',
        `backoffMs has ${String(backoffMs.length)} delays where ${String(attempts)} attempts have ${String(attempts - 1)} between them`,
        'delete those that are never used, or raise attempts',
      );
    }
    const held = delaysMs(attempts, backoffMs);
    if (flow.pattern === 'ordered-stream' && held > p99Ms && flow.mayExceedObjective !== true) {
      say(
        'backoffMs',
        `the retries of one message hold its partition for ${String(held)} ms, longer than the objective of ${String(p99Ms)} ms`,
        'shorten them, or say mayExceedObjective: true',
      );
    }
    if (expiryMs !== undefined && expiryMs <= p99Ms) {
      say(
        'expiryMs',
        `messages expire after ${String(expiryMs)} ms, within the objective of ${String(p99Ms)} ms`,
        'lengthen expiryMs',
      );
    }
    if (retention === undefined) continue;
    if (expiryMs !== undefined && retention.maxAgeMs <= expiryMs) {
      say(
        'retention',
        `the stream lets go of messages after ${String(retention.maxAgeMs)} ms, before they expire at ${String(expiryMs)} ms`,
        'keep them well beyond expiryMs: ageing out is not audited',
      );
    }
    if (dedupeWindowMs !== undefined && retention.maxAgeMs < dedupeWindowMs) {
      say(
        'dedupeWindowMs',
        `the dedupe window of ${String(dedupeWindowMs)} ms is longer than the stream keeps messages`,
        'shorten it, or lengthen retention.maxAgeMs',
      );
    }
    if (retention.maxBytes < flow.maxBytes) {
      say(
        'retention',
        `the stream of ${String(retention.maxBytes)} bytes cannot hold one message of ${String(flow.maxBytes)}`,
        'raise retention.maxBytes',
      );
    }
  }
}

/** The delays between all attempts, added up; the last one repeats. */
function delaysMs(attempts: number, backoffMs: readonly number[]): number {
  const delays = Array.from({ length: attempts - 1 }, (_, at) => backoffMs[Math.min(at, backoffMs.length - 1)] ?? 0);
  return delays.reduce((sum, delay) => sum + delay, 0);
}
