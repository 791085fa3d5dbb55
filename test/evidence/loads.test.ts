import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { loadsOf } from '../../harness/evidence/loads.ts';
import { trialHeader } from '../fixtures/journal.ts';
import { historyOf } from '../checkers/build.ts';
import { flows, serviceOf } from '../checkers/flows.ts';
import { worldOf } from '../checkers/world.ts';

const flow = { ...flows['fan-out'], peakPerSecond: 20, p99Ms: 100 };
const everyMs = 1000 / 30;

/** A fan-out under load whose two receivers get message n after so many milliseconds; Infinity for never. */
function driven(one: readonly number[], two: readonly number[]) {
  const { world, rows } = worldOf(flow);
  for (let at = 0; at < 5; at++) rows.arrival.push({ at: at * 4 + 0.5, intended: at * 4, phase: 'idle' });
  const warmUp = world.plan();
  world.arrive(warmUp, { phase: 'warm-up' }).pass(everyMs);
  for (const [n, first] of one.entries()) {
    const message = world.plan();
    world.arrive(message, { at: world.now + 2 });
    for (const [application, ms] of [
      ['one', first],
      ['two', two[n] ?? 0],
    ] as const) {
      if (ms === Infinity) continue;
      const at = world.now + ms;
      rows.delivery.push({ flow: flow.id, application, message, at, done: at, status: 200, effect: 'yes' });
    }
    world.pass(everyMs);
  }
  world.finish();
  return { header: trialHeader({ flow: flow.id }), history: historyOf(rows) };
}

const several = (count: number, ms: number): readonly number[] => Array.from({ length: count }, () => ms);

test('a flow under load has the latencies of each subscriber, and of all together by the sum of their histograms', () => {
  const slow = [...several(90, 20), ...several(8, 150), Infinity, Infinity];
  const [load, ...more] = loadsOf([serviceOf(flow)], [driven(several(100, 10), slow)]);
  expect(more).toEqual([]);
  const [one, two] = load?.subscribers ?? [];
  expect(one).toMatchObject({ application: 'one', count: 100, unanswered: 0, aboveObjective: 0 });
  expect(two).toMatchObject({ application: 'two', count: 100, unanswered: 2, aboveObjective: 10 });
  expect(load?.together).toMatchObject({ count: 200, unanswered: 2, aboveObjective: 10 });
  const p = (latency: typeof one | undefined, share: number): number =>
    latency?.percentiles.find((point) => point.share === share)?.ms ?? Number.NaN;
  expect(p(one, 0.99)).toBeCloseTo(10, 1);
  expect(p(two, 0.95)).toBeCloseTo(150, 0);
  expect(p(two, 0.99)).toBe(Infinity);
  // The mean of both p99 is never; that of all together is the slowest of those that came.
  const together = load?.together;
  expect(together?.percentiles.find(({ share }) => share === 0.99)?.ms).toBeCloseTo(150, 0);
  expect(decodeFromCompressedBase64(together?.histogram ?? '').totalCount).toBe(198);
});

test('a flow under load has what it was driven with, and how late the generator was, with and without sends', () => {
  const [load] = loadsOf([serviceOf(flow)], [driven(several(50, 10), several(50, 10))]);
  expect(load).toMatchObject({ flow: flow.id, askedPerSecond: 30, warmUp: 1, objectiveMs: 100 });
  expect(load?.drivenPerSecond).toBeCloseTo(30, 3);
  expect(load?.lateness.count).toBe(50);
  expect(load?.lateness.p50Ms).toBeCloseTo(2, 2);
  expect(load?.lateness.maxMs).toBeCloseTo(2, 2);
  expect(load?.floor.count).toBe(5);
  expect(load?.floor.p50Ms).toBeCloseTo(0.5, 2);
});

test('several trials of a flow are one load, their histograms summed and not their percentiles', () => {
  const [load, ...more] = loadsOf(
    [serviceOf(flow)],
    [driven(several(300, 10), several(300, 10)), driven(several(100, 150), several(100, 10))],
  );
  expect(more).toEqual([]);
  expect(load?.warmUp).toBe(2);
  const [one] = load?.subscribers ?? [];
  expect(one).toMatchObject({ application: 'one', count: 400, aboveObjective: 100 });
  const p = (share: number): number => one?.percentiles.find((point) => point.share === share)?.ms ?? Number.NaN;
  expect(p(0.75)).toBeCloseTo(10, 1);
  expect(p(0.9)).toBeCloseTo(150, 0);
});

test('a trial without an open loop has no load', () => {
  const { world, rows } = worldOf(flow);
  const message = world.plan();
  world.send(message).takeByAll(message).finish();
  expect(loadsOf([serviceOf(flow)], [{ header: trialHeader({ flow: flow.id }), history: historyOf(rows) }])).toEqual(
    [],
  );
});
