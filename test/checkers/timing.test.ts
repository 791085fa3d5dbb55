import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { graceMs, lagBetween, lateness, unreadBetween, useBetween } from '../../harness/checkers/timing.ts';
import { trialOf } from '../../harness/checkers/trial.ts';
import { contractOf, historyOf } from './build.ts';
import { flows } from './flows.ts';

interface Interval {
  /** When it ended, how long it was, and how late the timer was in it. */
  readonly at: number;
  readonly intervalMs: number;
  readonly worstMs: number;
  readonly busMs?: number;
  readonly processorMs?: number;
  readonly loopMs?: number;
}

const watched = (lag: readonly Interval[]) =>
  trialOf(
    contractOf(flows['fan-out']),
    historyOf({ lag: lag.map((one) => ({ busMs: 0, processorMs: 0, loopMs: 0, ...one })) }),
  );

/** Intervals of a second that adjoin, from 0 on. */
const seconds = (...worst: readonly number[]): readonly Interval[] =>
  worst.map((worstMs, at) => ({ at: (at + 1) * 1000, intervalMs: 1000, worstMs }));

const nowhere = { worstMs: Infinity, sumMs: Infinity };

describe('the lag of the harness between two times', () => {
  test('is the worst, and the sum, of the intervals that the times lie in', () => {
    const trial = watched(seconds(1, 20, 3, 40, 5));
    expect(lagBetween(trial, 1500, 2500)).toEqual({ worstMs: 20, sumMs: 23 });
    expect(lagBetween(trial, 2100, 4900)).toEqual({ worstMs: 40, sumMs: 48 });
    expect(lagBetween(trial, 500, 600)).toEqual({ worstMs: 1, sumMs: 1 });
  });

  test('is that of the bus where the bus was later than the timer, unless the timer alone is asked for', () => {
    const [first, second] = seconds(1, 20);
    const trial = watched([
      { ...first!, busMs: 300 },
      { ...second!, busMs: 7 },
    ]);
    expect(lagBetween(trial, 500, 1500)).toEqual({ worstMs: 300, sumMs: 320 });
    expect(lagBetween(trial, 500, 1500, 'timer')).toEqual({ worstMs: 20, sumMs: 21 });
    expect(lateness(trial, 500, 1500, 700)).toBe('cannot-say');
  });

  test('counts an interval that ends with the first or the last moment, and none after it', () => {
    const trial = watched(seconds(1, 2, 4, 8));
    expect(lagBetween(trial, 1000, 2000)).toEqual({ worstMs: 2, sumMs: 3 });
    expect(lagBetween(trial, 1001, 2000)).toEqual({ worstMs: 2, sumMs: 2 });
    expect(lagBetween(trial, 1001, 2001)).toEqual({ worstMs: 4, sumMs: 6 });
  });

  test('is found whatever the order of the rows', () => {
    const trial = watched(seconds(1, 20, 3).toReversed());
    expect(lagBetween(trial, 1500, 2500)).toEqual({ worstMs: 20, sumMs: 23 });
  });

  test('is unknown where nobody looked: before the first interval, after the last, and between two', () => {
    const late = seconds(1, 1, 1).map((row) => ({ ...row, at: row.at + 5000 }));
    expect(lagBetween(watched(late), 4000, 7000)).toEqual(nowhere);
    expect(lagBetween(watched(seconds(1, 1)), 500, 2001)).toEqual(nowhere);
    expect(lagBetween(watched([]), 500, 600)).toEqual(nowhere);
    const gap = seconds(1, 1, 1, 1).filter((_, at) => at !== 1);
    expect(lagBetween(watched(gap), 500, 3500)).toEqual(nowhere);
    expect(lagBetween(watched(gap), 2500, 3500)).toEqual({ worstMs: 1, sumMs: 2 });
  });

  test('is known across what an interval began late by, up to 2 ms beside, and not beyond', () => {
    const apart = (ms: number) =>
      watched([
        { at: 1000, intervalMs: 1000, worstMs: 0 },
        { at: 2000 + ms, intervalMs: 1000, worstMs: 30 },
      ]);
    expect(lagBetween(apart(32), 500, 1500)).toEqual({ worstMs: 30, sumMs: 30 });
    expect(lagBetween(apart(32.5), 500, 1500)).toEqual(nowhere);
  });

  test('is that of every interval it is laid over, as a plain search finds them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 20 }),
        fc.nat(20_000),
        fc.nat(5000),
        (worst, from, length) => {
          const to = from + length;
          const all = seconds(...worst);
          const over = all.filter(
            ({ at, intervalMs }) => at >= from && (at - intervalMs < to || at - intervalMs <= from),
          );
          const last = all.at(-1)?.at ?? 0;
          const found = lagBetween(watched(all), from, to);
          if (to > last) expect(found).toEqual(nowhere);
          else {
            expect(found.worstMs).toBe(Math.max(...over.map(({ worstMs }) => worstMs)));
            expect(found.sumMs).toBe(over.reduce((sum, { worstMs }) => sum + worstMs, 0));
          }
        },
      ),
    );
  });
});

test('processors and event loop are in use as in the intervals that two times lie in and between, by their lengths', () => {
  const trial = watched([
    { at: 1000, intervalMs: 1000, worstMs: 0, processorMs: 900, loopMs: 100 },
    { at: 1500, intervalMs: 500, worstMs: 0, processorMs: 500, loopMs: 500 },
    { at: 2500, intervalMs: 1000, worstMs: 0, processorMs: 100, loopMs: 300 },
  ]);
  expect(useBetween(trial, 500, 600)).toEqual({ processors: 0.9, loop: 0.1 });
  expect(useBetween(trial, 500, 1100)).toEqual({ processors: 1400 / 1500, loop: 600 / 1500 });
  expect(useBetween(trial, 1100, 2500)).toEqual({ processors: 600 / 1500, loop: 800 / 1500 });
  expect(useBetween(trial, 500, 2600)).toEqual({ processors: 1, loop: 1 });
});

test('what is sent to the harness waits for as long as its timer lags, or as its event loop has no pause', () => {
  const trial = watched([
    { at: 1000, intervalMs: 1000, worstMs: 20, loopMs: 950 },
    { at: 1500, intervalMs: 500, worstMs: 30, loopMs: 474 },
    { at: 2500, intervalMs: 1000, worstMs: 40, loopMs: 960 },
  ]);
  expect(unreadBetween(trial, 1001, 1400)).toBe(30);
  expect(unreadBetween(trial, 500, 1400)).toBe(1000);
  expect(unreadBetween(trial, 500, 2400)).toBe(2000);
  expect(unreadBetween(trial, 500, 2600)).toBe(Infinity);
});

describe('what is due within a bound', () => {
  const quiet = watched(seconds(1, 1, 1, 1, 1));

  test('may take a tenth longer, and 100 ms at least', () => {
    expect([graceMs(500), graceMs(1000), graceMs(2000)]).toEqual([100, 100, 200]);
    expect(lateness(quiet, 0, 1100, 1000)).toBe('in-time');
    expect(lateness(quiet, 0, 1101, 1000)).toBe('late');
    expect(lateness(quiet, 0, 2200, 2000)).toBe('in-time');
    expect(lateness(quiet, 0, 2201, 2000)).toBe('late');
  });

  test('cannot be said to be late where the timer was late by a tenth of the bound at one moment', () => {
    expect(lateness(watched(seconds(1, 99, 1)), 0, 2500, 1000)).toBe('late');
    expect(lateness(watched(seconds(1, 100, 1)), 0, 2500, 1000)).toBe('cannot-say');
  });

  test('cannot be said to be late where all the timer’s delays together come to the excess', () => {
    const slow = seconds(90, 90, 90);
    expect(lateness(watched(slow), 0, 1269, 1000)).toBe('late');
    expect(lateness(watched(slow), 0, 1180, 1000)).toBe('cannot-say');
    expect(lateness(watched(slow), 0, 1181, 1000)).toBe('late');
  });

  test('cannot be said to be late where nobody looked', () => {
    expect(lateness(watched([]), 0, 5000, 1000)).toBe('cannot-say');
  });
});
