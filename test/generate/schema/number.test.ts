import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, simplestOf } from '../../../harness/generate/schema/choices.ts';
import { numberOf, type NumberRules } from '../../../harness/generate/schema/number.ts';

const ANY: NumberRules = {
  minimum: -Infinity,
  maximum: Infinity,
  exclusiveMinimum: -Infinity,
  exclusiveMaximum: Infinity,
  multiplesOf: [],
  whole: false,
  fractional: false,
};
const bound = fc.oneof(
  fc.integer({ min: -30, max: 30 }),
  fc.integer({ min: -300, max: 300 }).map((n) => n / 8),
  fc.constantFrom(1e12, -1e12, 1e-7),
);
const rulesOf = fc.record({
  minimum: fc.oneof(bound, fc.constant(-Infinity)),
  maximum: fc.oneof(bound, fc.constant(Infinity)),
  exclusiveMinimum: fc.oneof({ weight: 3, arbitrary: fc.constant(-Infinity) }, { weight: 1, arbitrary: bound }),
  exclusiveMaximum: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: bound }),
  multiplesOf: fc.array(fc.constantFrom(2, 3, 0.5, 0.25, 10, 0.01, 7), { maxLength: 2 }),
  whole: fc.boolean(),
  fractional: fc.constant(false),
});
const obeys = (value: number, rules: NumberRules): boolean =>
  value >= rules.minimum &&
  value <= rules.maximum &&
  value > rules.exclusiveMinimum &&
  value < rules.exclusiveMaximum &&
  (!rules.whole || Number.isInteger(value)) &&
  rules.multiplesOf.every((one) => Number.isInteger(value / one));

describe('numbers', () => {
  it('obey their rules, and are finite', () => {
    fc.assert(
      fc.property(rulesOf, (rules) => {
        const generator = numberOf(rules)?.draw;
        for (const value of generator === undefined
          ? []
          : fc.sample(arbitraryOf(generator), { seed: 1, numRuns: 20 })) {
          expect(Number.isFinite(value)).toBe(true);
          expect(obeys(value, rules), `${value}`).toBe(true);
        }
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it('are given up only where no whole number or eighth obeys', () => {
    const known = Array.from({ length: 4_801 }, (_, i) => (i - 2_400) / 8);
    fc.assert(
      fc.property(rulesOf, (rules) => {
        const isGivenUp = numberOf(rules) === undefined;
        expect(isGivenUp ? known.filter((value) => obeys(value, rules)) : []).toEqual([]);
      }),
      { seed: 8, numRuns: 1_000 },
    );
  });

  it('have no negative zero, and begin at the one nearest to zero', () => {
    const near = (rules: Partial<NumberRules>): number => simplestOf(numberOf({ ...ANY, ...rules })?.draw as never);
    expect(near({ minimum: -5 })).toBe(0);
    expect(near({ maximum: -5 })).toBe(-5);
    expect(near({ exclusiveMinimum: 2, multiplesOf: [4] })).toBe(4);
    expect(near({ minimum: -1, maximum: -0 })).toBe(0);
  });

  it('may be wider than 53 bits', () => {
    const generator = numberOf({ ...ANY, minimum: 1e20, maximum: 1e21 })?.draw;
    for (const value of fc.sample(arbitraryOf(generator as never), { seed: 1, numRuns: 20 }))
      expect(value).toBeGreaterThanOrEqual(1e20);
  });
});
