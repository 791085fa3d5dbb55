import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minimal, sample, valid, type JsonSchema, type JsonValue } from '../../../harness/generate/schema/index.ts';
import { FORMATS, KEYWORDS, REALISTIC } from './bank.ts';
import { validatorsOf } from './validators.ts';

const BANK: Readonly<Record<string, JsonSchema>> = {
  ...KEYWORDS,
  ...REALISTIC,
  ...Object.fromEntries(FORMATS.map((format) => [`format ${format}`, { type: 'string', format }])),
};
const N = 200;

describe.each(Object.entries(BANK))('values of the schema "%s"', (_, schema) => {
  it('are valid to ajv and to hyperjump, the minimal one among them', async () => {
    const { ajv, hyperjump } = await validatorsOf(schema);
    const source = { schema };
    const values = [minimal(source), ...sample(valid(source), 20_261_123, N)];
    expect(values.filter((value) => ajv(value).length > 0)).toEqual([]);
    expect(values.filter((value) => hyperjump(value).length > 0)).toEqual([]);
  });

  it('are the same for the same seed, whoever builds the arbitrary', () => {
    const once = sample(valid({ schema }), 7, 40);
    expect(sample(valid({ schema: structuredClone(schema) }), 7, 40)).toEqual(once);
  });

  it('stay valid while they shrink, and shrink to the end', async () => {
    const { ajv } = await validatorsOf(schema);
    const seen: JsonValue[] = [];
    const result = fc.check(
      fc.property(valid({ schema }), (value) => {
        seen.push(value);
        return false;
      }),
      { seed: 3, numRuns: 1 },
    );
    expect(result.failed).toBe(true);
    expect(seen.filter((value) => ajv(value).length > 0)).toEqual([]);
    expect(JSON.stringify(result.counterexample?.[0])).toBe(JSON.stringify(minimal({ schema })));
  });
});

const counterexample = (schema: JsonSchema, holds: (value: never) => boolean): unknown =>
  fc.check(fc.property(valid({ schema }), holds as (value: JsonValue) => boolean), { seed: 11, numRuns: 20_000 })
    .counterexample?.[0];

describe('shrinking', () => {
  it('leaves only the member and the character that matter', () => {
    const { schema } = { schema: REALISTIC['IncidentCreated'] as JsonSchema };
    const found = counterexample(schema, (value: { remark?: string }) => !(value.remark ?? '').includes('é')) as object;
    expect(found).toEqual({ ...(minimal({ schema }) as object), remark: 'é' });
  });

  it('takes a number to the edge of what fails', () => {
    expect(counterexample({ type: 'integer', minimum: 0, maximum: 100_000 }, (value: number) => value < 777)).toBe(777);
  });

  it('drops elements that do not matter', () => {
    const schema = { type: 'array', items: { type: 'integer', minimum: 0, maximum: 50 }, maxItems: 12 };
    expect(counterexample(schema, (value: number[]) => !value.includes(42))).toEqual([42]);
  });
});

describe('variety', () => {
  const texts = (schema: JsonSchema, n = 400): string[] => sample(valid({ schema }), 5, n) as string[];

  it('brings accents, ideographs and astral characters into free text', () => {
    const all = texts({ type: 'string', maxLength: 40 }).join('');
    expect(all).toMatch(/[àéñü]/u);
    expect(all).toMatch(/\p{Script=Han}/u);
    expect(all).toMatch(/\p{Extended_Pictographic}/u);
  });

  it('keeps most free text plain', () => {
    const all = texts({ type: 'string', minLength: 1, maxLength: 40 });
    expect(all.filter((text) => /^[a-zA-Z0-9 ]+$/.test(text)).length).toBeGreaterThan(all.length / 2);
  });

  it('never makes half a surrogate pair', () => {
    expect(texts({ type: 'string' }).filter((text) => !text.isWellFormed())).toEqual([]);
  });

  it('reaches both bounds of length, number and count', () => {
    const bounds = (values: readonly number[]): readonly number[] => [Math.min(...values), Math.max(...values)];
    expect(
      bounds(texts({ type: 'string', minLength: 2, maxLength: 2000 }, 1500).map((text) => Array.from(text).length)),
    ).toEqual([2, 2000]);
    expect(
      bounds(sample(valid({ schema: { type: 'integer', minimum: -17, maximum: 90_000 } }), 1, 400) as number[]),
    ).toEqual([-17, 90_000]);
    const lists = sample(
      valid({ schema: { type: 'array', items: { type: 'null' }, minItems: 1, maxItems: 20 } }),
      1,
      400,
    ) as null[][];
    expect(bounds(lists.map((list) => list.length))).toEqual([1, 20]);
  });

  it('has each optional member both there and not, each branch and each value', () => {
    const values = sample(valid({ schema: REALISTIC['CheckReply'] as JsonSchema }), 2, 300) as {
      outcome: string;
      code?: string;
    }[];
    expect(new Set(values.map((value) => value.outcome))).toEqual(new Set(['match', 'no-match', 'refused']));
    expect(new Set(values.flatMap((value) => value.code ?? []))).toEqual(
      new Set(['invalid', 'rejected', 'unavailable']),
    );
    const grades = sample(valid({ schema: REALISTIC['IncidentCreated'] as JsonSchema }), 2, 300) as {
      tags?: unknown;
    }[];
    expect(new Set(grades.map((value) => 'tags' in value))).toEqual(new Set([true, false]));
  });

  it('has recursion more than one level deep, and of bounded size', () => {
    const sizes = sample(valid({ schema: KEYWORDS['recursive tree'] as JsonSchema }), 2, 400).map((value) =>
      JSON.stringify(value),
    );
    expect(sizes.some((text) => /"children":\[.*"children":\[\{/.test(text))).toBe(true);
    expect(Math.max(...sizes.map((text) => text.length))).toBeLessThan(40_000);
  });
});
