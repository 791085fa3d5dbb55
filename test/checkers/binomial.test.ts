import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atMost, isAbove, isAtMost, lowerBound, trialsNeeded, upperBound } from '../../harness/checkers/binomial.ts';

/** The same sum in whole numbers, for a probability of 1 in 100: C(n, k) · 99^(n − k) over 100^n. */
function exactly(most: number, n: number): number {
  let ways = 1n;
  let sum = 0n;
  for (let k = 0; k <= Math.min(most, n); k++) {
    sum += ways * 99n ** BigInt(n - k);
    ways = (ways * BigInt(n - k)) / BigInt(k + 1);
  }
  return Number((sum * 10n ** 15n) / 100n ** BigInt(n)) / 1e15;
}

describe('the binomial bounds', () => {
  test('are those of whole numbers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(12), (n, most) => {
        expect(atMost(most, n, 0.01)).toBeCloseTo(exactly(most, n), 10);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [0, 298, false],
    [0, 299, true],
    [1, 472, false],
    [1, 473, true],
    [2, 627, false],
    [2, 628, true],
  ])('%i above of %i: at most one in a hundred is %s', (above, n, shown) => {
    expect(isAtMost(0.01, above, n)).toBe(shown);
    expect(exactly(above, n) <= 0.05).toBe(shown);
  });

  test.each([
    [299, 0],
    [473, 1],
    [628, 2],
  ])('%i trials are needed where %i are above', (n, above) => {
    expect(trialsNeeded(0.01, above)).toBe(n);
  });

  test('hold for a million trials', () => {
    expect([isAtMost(0.01, 9000, 1e6), isAtMost(0.01, 10_000, 1e6), isAbove(0.01, 11_000, 1e6)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test('lie on both sides of the share that was seen, and agree with what they show', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const k = Math.floor(share * n);
        const [low, high] = [lowerBound(k, n), upperBound(k, n)];
        expect(low).toBeLessThanOrEqual(k / n);
        expect(high).toBeGreaterThanOrEqual(k / n);
        expect(isAtMost(0.01, k, n)).toBe(high <= 0.01);
        expect(isAbove(0.01, k, n)).toBe(low > 0.01);
      }),
    );
  });
});
