import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { delay, standingClock, startClock } from '../../harness/engine/clock.ts';

const start = Date.UTC(2026, 2, 5, 14);

beforeEach(() => {
  vi.useFakeTimers({ now: start });
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error('a timer was left behind');
  vi.useRealTimers();
});

test('the clock of a trial begins at 0, and goes on evenly when the machine’s is set', () => {
  const clock = startClock();
  expect([clock.epochMs, clock.now()]).toEqual([start, 0]);
  vi.advanceTimersByTime(250);
  vi.setSystemTime(Date.UTC(2030, 0, 1));
  expect([clock.now(), clock.wall()]).toEqual([250, start + 250]);
});

test('a standing clock stands at 0 until it is started, and goes on from there', () => {
  const clock = standingClock();
  vi.advanceTimersByTime(700);
  expect([clock.now(), clock.wall()]).toEqual([0, start + 700]);
  clock.start();
  vi.advanceTimersByTime(250);
  expect([clock.epochMs, clock.now(), clock.wall()]).toEqual([start + 700, 250, start + 950]);
});

describe('a delay', () => {
  const watched = (promise: Promise<void>): (() => boolean) => {
    let over = false;
    void promise.then(() => (over = true));
    return () => over;
  };

  test('takes its time, and no less', async () => {
    const isOver = watched(delay(50));
    await vi.advanceTimersByTimeAsync(49);
    expect(isOver()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver()).toBe(true);
  });

  test.each([0, -5])('of %i ms is none', async (ms) => {
    const isOver = watched(delay(ms));
    await vi.advanceTimersByTimeAsync(0);
    expect(isOver()).toBe(true);
  });

  test('ends with its signal, before it or during it', async () => {
    const abort = new AbortController();
    const isOver = watched(delay(1000, abort.signal));
    abort.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(isOver()).toBe(true);
    const isOverToo = watched(delay(1000, abort.signal));
    await vi.advanceTimersByTimeAsync(0);
    expect(isOverToo()).toBe(true);
  });

  test('leaves nothing behind on its signal', async () => {
    const { signal } = new AbortController();
    const waiting = delay(5, signal);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5);
    await waiting;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
