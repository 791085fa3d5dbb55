import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Clock } from '../../harness/engine/clock.ts';
import { watchLag } from '../../harness/engine/lag.ts';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';

let now = 0;
const clock: Clock = { epochMs: 0, now: () => now, wall: () => now };

beforeEach(() => {
  now = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error('a timer was left behind');
  vi.useRealTimers();
});

/** Time passes, and the timers run on time. */
function pass(ms: number): void {
  for (let at = 0; at < ms; at++) {
    now++;
    vi.advanceTimersByTime(1);
  }
}

/** The machine does nothing else for a while: time passes, and no timer runs until then. */
function stall(ms: number): void {
  now += ms;
}

const rows = (history: HistoryBuilder) =>
  Array.from({ length: history.lengthOf('lag') }, (_, at) => rowAt(history.history(), 'lag', at));

test('a timer that is on time is written down as such, in intervals without a gap', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, clock);
  pass(250);
  watch[Symbol.dispose]();
  const seen = rows(history);
  expect(seen.map(({ worstMs }) => worstMs)).toEqual(seen.map(() => 0));
  expect(seen.reduce((sum, { intervalMs }) => sum + intervalMs, 0)).toBe(250);
  for (const [at, row] of seen.entries()) expect(row.at - row.intervalMs).toBe(seen[at - 1]?.at ?? 0);
});

test('a stall is written down with its length, in its interval alone', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, clock);
  pass(150);
  stall(80);
  pass(220);
  watch[Symbol.dispose]();
  const late = rows(history).filter(({ worstMs }) => worstMs > 0);
  expect(late).toHaveLength(1);
  const [row] = late;
  expect(row?.worstMs).toBe(80);
  expect((row?.at ?? 0) - (row?.intervalMs ?? 0)).toBeLessThanOrEqual(150);
  expect(row?.at).toBeGreaterThanOrEqual(230);
});

test('a stall that goes on to the end is written down too', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, clock);
  pass(20);
  stall(500);
  watch[Symbol.dispose]();
  expect(rows(history)).toEqual([{ at: 520, intervalMs: 520, worstMs: 490 }]);
});

test('an end before the timer was due is no negative lateness', () => {
  const history = new HistoryBuilder();
  const watch = watchLag(history, clock);
  pass(3);
  watch[Symbol.dispose]();
  expect(rows(history)).toEqual([{ at: 3, intervalMs: 3, worstMs: 0 }]);
});
