import { describe, expect, it } from 'vitest';
import { suiteCases } from './cases.ts';
import { conformanceOf, faultOf } from './conformance.ts';
import { lastResult } from './result.ts';

const cases = suiteCases();
const last = lastResult();
/** The meta-schema has four hundred places to break: `npm run suite` breaks them. */
const isLarge = (schema: unknown): boolean => JSON.stringify(schema).includes('"$ref":"https://json-schema.org/');

it('the official test suite is there, and the checked-in result is of the whole of it', () => {
  expect(cases.length).toBeGreaterThan(400);
  expect(last.files.reduce((sum, { schemas }) => sum + schemas, 0)).toBe(cases.length);
  expect(last.files.flatMap(({ faults }) => faults)).toEqual([]);
});

describe.each(
  cases.filter(({ schema }) => !isLarge(schema)).map((one) => [`${one.file}: ${one.description}`, one] as const),
)('the schema of "%s"', (_, one) => {
  it('is generated from as both validators say, or refused by name as in the checked-in result', async () => {
    const result = await conformanceOf(one, 10);
    expect(faultOf(result)).toBeUndefined();
    const known = last.refused.find(({ file, description }) => file === one.file && description === one.description);
    expect(result.outcome).toBe(known?.outcome ?? 'generated');
  });
});
