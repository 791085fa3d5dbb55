import fc from 'fast-check';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import { LatencyHistogram } from '../../harness/evidence/histogram.ts';
import { quantile } from '../../harness/model/quantile.ts';
import { percentileShares } from '../../harness/model/load.ts';

/** From microseconds to a quarter of an hour, and now and then never. */
const latency = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: 0, max: 900_000, noNaN: true }) },
  { weight: 9, arbitrary: fc.double({ min: 0, max: 20, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Infinity) },
);
const latencies = fc.array(latency, { minLength: 1, maxLength: 400 });

/** To a thousandth, or to the microsecond that is the unit. */
function expectNear(found: number, exact: number): void {
  if (exact === Infinity) expect(found).toBe(Infinity);
  else expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 1000 + 0.001);
}

describe('a histogram of latencies', () => {
  test('gives every percentile of the samples to three digits, those that never came among them', () => {
    fc.assert(
      fc.property(latencies, (list) => {
        const histogram = new LatencyHistogram(list);
        const sorted = Float64Array.from(list).toSorted();
        expect(histogram.count).toBe(list.length);
        expect(histogram.never).toBe(list.filter((ms) => ms === Infinity).length);
        for (const share of percentileShares) expectNear(histogram.quantile(share), quantile(sorted, share));
      }),
    );
  });

  test('is the same whether it is of all samples, or the sum of those of their parts', () => {
    fc.assert(
      fc.property(latencies, latencies, (one, other) => {
        const sum = new LatencyHistogram(one).add(new LatencyHistogram(other));
        const whole = new LatencyHistogram([...one, ...other]);
        expect(sum.percentiles()).toEqual(whole.percentiles());
        expect(sum.never).toBe(whole.never);
      }),
    );
  });

  test('is read again by whoever reads HdrHistogram, in microseconds', () => {
    const read = decodeFromCompressedBase64(new LatencyHistogram([1.5, 2.5, 2.5, 900, Infinity]).encoded());
    expect(read.totalCount).toBe(4);
    expect(read.getValueAtPercentile(25)).toBe(1500);
    expectNear(read.getValueAtPercentile(50) / 1000, 2.5);
    expect(read.maxValue).toBeGreaterThanOrEqual(900_000);
    expect(read.maxValue).toBeLessThan(901_000);
  });

  test('tells no percentile that there are too few samples for', () => {
    const told = (count: number): readonly number[] =>
      new LatencyHistogram(Array.from({ length: count }, (_, at) => at)).percentiles().map(({ share }) => share);
    expect(told(0)).toEqual([]);
    expect(told(99)).not.toContain(0.99);
    expect(told(100)).toContain(0.99);
    expect(told(999)).not.toContain(0.999);
    expect(told(1000)).toContain(0.999);
    expect(told(1)).toEqual([0, 1]);
  });

  test('has no percentile of nothing', () => {
    expect(new LatencyHistogram().quantile(0.5)).toBeNaN();
  });
});
