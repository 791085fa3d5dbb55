import { describe, expect, test } from 'vitest';
import {
  crashed,
  disturbed,
  downtimesOf,
  livedOn,
  startOf,
  wasReady,
  wasStopping,
} from '../../harness/checkers/lives.ts';
import { trialOf, type Trial } from '../../harness/checkers/trial.ts';
import type { RowOf } from '../../harness/model/history.ts';
import { contractOf, historyOf } from './build.ts';
import { flows } from './flows.ts';

type Change = RowOf<'lifecycle'>['change'];

/** The lives of the instances of `one`: when, what, and which. */
const lives = (...changes: readonly (readonly [number, Change, number?])[]): Trial =>
  trialOf(
    contractOf(flows['fan-out']),
    historyOf({
      lifecycle: changes.map(([at, change, instance = 0]) => ({ at, change, instance, application: 'one' })),
    }),
  );
const whole = lives([10, 'started'], [20, 'ready'], [50, 'stopping'], [60, 'ended']);
const twoOfThem = lives(
  [0, 'started'],
  [1, 'ready'],
  [2, 'started', 1],
  [3, 'ready', 1],
  [50, 'crashed'],
  [60, 'failed', 1],
  [70, 'started'],
  [80, 'ready'],
);

describe('an instance lived on', () => {
  test.each([
    [10, 60, false],
    [10, 59, true],
    [60, 90, true],
    [9, 10, false],
    [9, 9.5, true],
    [20, 55, true],
  ])('from %s to %s or did not', (from, to, did) => {
    expect(livedOn(whole, 'one', 0, from, to)).toBe(did);
  });

  test('whatever befell another', () => {
    expect(livedOn(twoOfThem, 'one', 1, 5, 59)).toBe(true);
    expect(livedOn(twoOfThem, 'one', 0, 5, 59)).toBe(false);
    expect(livedOn(twoOfThem, 'one', 1, 5, 60)).toBe(false);
    expect(livedOn(twoOfThem, 'two', 0, 0, 100)).toBe(true);
  });
});

test('the instance that lived at a moment was started when it was last', () => {
  expect([5, 10, 40, 90].map((by) => startOf(whole, 'one', 0, by))).toEqual([0, 10, 10, 10]);
  expect([60, 70].map((by) => startOf(twoOfThem, 'one', 0, by))).toEqual([0, 70]);
  expect(startOf(twoOfThem, 'one', 1, 90)).toBe(2);
  expect(startOf(twoOfThem, 'two', 0, 90)).toBe(0);
});

test.each([
  [0, 9, false],
  [9, 10, true],
  [10, 49, false],
  [49, 50, true],
  [50, 59, false],
  [59, 60, true],
  [60, 90, false],
])('an application is disturbed by what begins, leaves or ends after %s and until %s', (from, to, is) => {
  expect(disturbed(whole, 'one', from, to)).toBe(is);
  expect(disturbed(whole, 'two', from, to)).toBe(false);
});

describe('an instance ended without being told to', () => {
  test('where it crashed or failed within the time, its edges included', () => {
    expect(crashed(twoOfThem, 'one', 50, 50)).toBe(true);
    expect(crashed(twoOfThem, 'one', 51, 59)).toBe(false);
    expect(crashed(twoOfThem, 'one', 51, 60)).toBe(true);
    expect(crashed(twoOfThem, 'one', 0, 49)).toBe(false);
    expect(crashed(whole, 'one', 0, 100)).toBe(false);
  });

  test('which is another where one is asked for', () => {
    expect(crashed(twoOfThem, 'one', 0, 100, 0)).toBe(true);
    expect(crashed(twoOfThem, 'one', 55, 100, 0)).toBe(false);
    expect(crashed(twoOfThem, 'one', 55, 100, 1)).toBe(true);
  });
});

test('an application is ready from when an instance is until one is on its way out', () => {
  const at = (trial: Trial, ...times: readonly number[]): readonly boolean[] =>
    times.map((time) => wasReady(trial, 'one', time));
  expect(at(whole, 9, 10, 19, 20, 49, 50, 60, 90)).toEqual([false, false, false, true, true, false, false, false]);
  expect(at(lives(), 10)).toEqual([false]);
  expect(at(lives([5, 'ready'], [10, 'crashed'], [15, 'started'], [20, 'ready']), 7, 10, 16, 19, 20)).toEqual([
    true,
    false,
    false,
    false,
    true,
  ]);
});

test('an instance is on its way out from when it leaves until one in its place has begun', () => {
  const left = lives([0, 'ready'], [10, 'stopping'], [20, 'ended'], [30, 'started'], [40, 'crashed'], [50, 'ready']);
  expect([5, 10, 15, 20, 29, 30, 39, 40, 49, 50].map((at) => wasStopping(left, 'one', at))).toEqual([
    false,
    true,
    true,
    true,
    true,
    false,
    false,
    true,
    true,
    false,
  ]);
  expect(wasStopping(lives([0, 'ready'], [1, 'stopping', 1], [2, 'ready']), 'one', 3)).toBe(true);
});

describe('an application is down', () => {
  test('from when its last instance is gone until one is ready again', () => {
    expect(downtimesOf(twoOfThem, 'one')).toEqual([{ from: 60, to: 80 }]);
    expect(downtimesOf(whole, 'one')).toEqual([{ from: 60, to: Infinity }]);
    expect(downtimesOf(whole, 'two')).toEqual([]);
  });

  test('from the first of several ends, and not for what never lived', () => {
    expect(downtimesOf(lives([10, 'ended'], [20, 'ready']), 'one')).toEqual([]);
    expect(downtimesOf(lives([0, 'ready'], [10, 'ended'], [12, 'failed'], [20, 'ready']), 'one')).toEqual([
      { from: 10, to: 20 },
    ]);
    expect(
      downtimesOf(lives([0, 'ready'], [10, 'ended'], [15, 'started'], [16, 'failed'], [20, 'ready']), 'one'),
    ).toEqual([{ from: 10, to: 20 }]);
  });

  test('as often as it was, in the order of the times', () => {
    const often = lives([40, 'ended'], [0, 'ready'], [10, 'crashed'], [20, 'ready'], [50, 'ready']);
    expect(downtimesOf(often, 'one')).toEqual([
      { from: 10, to: 20 },
      { from: 40, to: 50 },
    ]);
  });
});
