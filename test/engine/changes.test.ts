import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Changes } from '../../harness/engine/changes.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error('a timer was left behind');
  vi.useRealTimers();
});

describe('waiting for a condition', () => {
  test('is over at once where it holds, whatever the limit and the signal', async () => {
    expect(await new Changes().until(() => true, 0, AbortSignal.abort())).toBe(true);
  });

  test('ends with the change that brings it about, and not with the ones before', async () => {
    const changes = new Changes();
    let count = 0;
    let reached: boolean | undefined;
    const waiting = changes.until(() => count === 2, 1000).then((result) => (reached = result));
    count = 1;
    changes.changed();
    await vi.advanceTimersByTimeAsync(1);
    expect(reached).toBeUndefined();
    count = 2;
    changes.changed();
    expect(await waiting).toBe(true);
  });

  test('ends at its limit, and not before', async () => {
    const changes = new Changes();
    let reached: boolean | undefined;
    const waiting = changes.until(() => false, 100).then((result) => (reached = result));
    await vi.advanceTimersByTimeAsync(99);
    expect(reached).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(await waiting).toBe(false);
  });

  test('ends with the signal, before it or during it, and leaves nothing behind on it', async () => {
    const abort = new AbortController();
    const changes = new Changes();
    const waiting = changes.until(() => false, 1000, abort.signal);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    abort.abort();
    expect(await waiting).toBe(false);
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(0);
    expect(await changes.until(() => false, 1000, abort.signal)).toBe(false);
  });

  test('ends for each of several by its own condition, and leaves nothing behind on the signal', async () => {
    const { signal } = new AbortController();
    const changes = new Changes();
    const done = new Set<string>();
    const order: string[] = [];
    const waits = ['a', 'b', 'c'].map((name) =>
      changes.until(() => done.has(name), 1000, signal).then((reached) => order.push(`${name} ${String(reached)}`)),
    );
    for (const name of ['b', 'a']) {
      done.add(name);
      changes.changed();
      await vi.advanceTimersByTimeAsync(0);
    }
    await vi.advanceTimersByTimeAsync(1000);
    await Promise.all(waits);
    expect(order).toEqual(['b true', 'a true', 'c false']);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('looks no more once it is over', async () => {
    const changes = new Changes();
    const condition = vi.fn(() => false);
    const waiting = changes.until(condition, 10);
    await vi.advanceTimersByTimeAsync(10);
    await waiting;
    const looks = condition.mock.calls.length;
    changes.changed();
    expect(condition.mock.calls.length).toBe(looks);
  });
});
