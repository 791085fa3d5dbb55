import { describe, expect, it } from 'vitest';
import { compile } from '../../../harness/generate/compiled/index.ts';
import {
  EndlessSchema,
  UnsatisfiableSchema,
  UnsupportedKeyword,
  type JsonSchema,
  type JsonValue,
} from '../../../harness/generate/schema/index.ts';
import { FORMATS, KEYWORDS, REALISTIC } from '../schema/bank.ts';
import { validatorsOf } from '../schema/validators.ts';

const BANK: Readonly<Record<string, JsonSchema>> = {
  ...KEYWORDS,
  ...REALISTIC,
  ...Object.fromEntries(FORMATS.map((format) => [`format ${format}`, { type: 'string', format }])),
};
const N = 200;
const decoder = new TextDecoder('utf-8', { fatal: true });

function texts(schema: JsonSchema, seed: number, n = N): string[] {
  const { next } = compile({ schema }).generator(seed);
  return Array.from({ length: n }, () => decoder.decode(next()));
}
const values = <T extends JsonValue>(schema: JsonSchema, n = N): T[] =>
  texts(schema, 5, n).map((text) => JSON.parse(text) as T);

describe.each(Object.entries(BANK))('the compiled generator of "%s"', (_, schema) => {
  it('writes JSON without white space that ajv and hyperjump take', async () => {
    const { ajv, hyperjump } = await validatorsOf(schema);
    const written = texts(schema, 20_261_126);
    const parsed = written.map((text) => JSON.parse(text) as JsonValue);
    expect(parsed.map((value) => JSON.stringify(value).length)).toEqual(written.map((text) => text.length));
    expect(parsed.filter((value) => ajv(value).length > 0)).toEqual([]);
    expect(parsed.filter((value) => hyperjump(value).length > 0)).toEqual([]);
  });

  it('writes the same bytes for the same seed, whoever compiled it and whatever else was drawn', () => {
    const compiled = compile({ schema: structuredClone(schema) });
    const other = compiled.generator(8);
    const { next } = compiled.generator(7);
    const again = Array.from({ length: 40 }, () => {
      other.next();
      return decoder.decode(next());
    });
    expect(again).toEqual(texts(schema, 7, 40));
  });
});

it('writes other values for another seed', () => {
  const schema = REALISTIC['IncidentCreated'] as JsonSchema;
  expect(texts(schema, 1, 5)).not.toEqual(texts(schema, 2, 5));
});

it('never writes to a value again, and gives a long one room', () => {
  const { next } = compile({ schema: { type: 'string', minLength: 0, maxLength: 200_000 } }).generator(3);
  const kept = Array.from({ length: 300 }, () => next());
  const before = kept.map((bytes) => decoder.decode(bytes));
  for (let more = 0; more < 300; more += 1) next();
  expect(kept.map((bytes) => decoder.decode(bytes))).toEqual(before);
  const { next: large } = compile({
    schema: { type: 'array', items: { type: 'string', minLength: 4_000, maxLength: 4_000 }, minItems: 40 },
  }).generator(1);
  expect((JSON.parse(decoder.decode(large())) as unknown[]).length).toBeGreaterThanOrEqual(40);
});

describe('its variety', () => {
  it('has each optional member there and not, in every combination', () => {
    const names = ['a', 'b', 'c'];
    const schema = {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'null' }])),
      additionalProperties: false,
    };
    expect(new Set(texts(schema, 1, 300)).size).toBe(8);
  });

  it('counts members that are optional', () => {
    const names = ['a', 'b', 'c', 'd'];
    const schema = {
      type: 'object',
      properties: Object.fromEntries(names.map((name) => [name, { type: 'null' }])),
      maxProperties: 2,
      additionalProperties: false,
    };
    const sizes = values<Record<string, null>>(schema).map((value) => Object.keys(value).length);
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([0, 2]);
  });

  it('brings in what needs an escape and what is no ASCII, and keeps most texts plain', () => {
    const all = values<string>({ type: 'string', minLength: 1, maxLength: 40 }, 2_000);
    expect(all.some((text) => /["\\]/.test(text))).toBe(true);
    expect(all.some((text) => /\p{Script=Han}/u.test(text))).toBe(true);
    expect(all.filter((text) => /^[a-zA-Z0-9 ]+$/.test(text)).length).toBeGreaterThan(1_000);
  });

  it('reaches both bounds of numbers, lengths and counts', () => {
    const bounds = (all: readonly number[]): readonly number[] => [Math.min(...all), Math.max(...all)];
    expect(bounds(values({ type: 'integer', minimum: -17, maximum: 90_000 }, 600))).toEqual([-17, 90_000]);
    expect(bounds(values({ type: 'number', minimum: -2.5, exclusiveMaximum: 7.25 }, 600))[0]).toBe(-2.5);
    expect(
      bounds(
        values<string>({ type: 'string', pattern: '^[a-f]+$', minLength: 2, maxLength: 90 }, 600).map(
          (text) => text.length,
        ),
      ),
    ).toEqual([2, 90]);
    expect(
      bounds(
        values<null[]>({ type: 'array', items: { type: 'null' }, minItems: 1, maxItems: 20 }, 600).map(
          (list) => list.length,
        ),
      ),
    ).toEqual([1, 20]);
  });

  it('has every branch, every value and every type', () => {
    const schema = { anyOf: [{ enum: ['x', 'y'] }, { type: 'boolean' }, { type: 'integer', minimum: 3, maximum: 4 }] };
    expect(new Set(texts(schema, 1, 400))).toEqual(new Set(['"x"', '"y"', 'true', 'false', '3', '4']));
  });

  it('is bounded where the schema is recursive', () => {
    const sizes = texts(KEYWORDS['recursive tree'] as JsonSchema, 1, 2_000).map((text) => text.length);
    expect(Math.max(...sizes)).toBeLessThan(40_000);
    expect(Math.max(...sizes)).toBeGreaterThan(60);
  });
});

it('says which places it chooses from variants, and how many they are', () => {
  const schema = {
    type: 'object',
    properties: { tags: { type: 'array', items: { type: 'integer' }, uniqueItems: true } },
    required: ['tags'],
    additionalProperties: false,
  };
  const compiled = compile({ schema }, { variants: 16 });
  expect(compiled.fallbacks).toEqual([{ schemaPath: '/properties/tags', kind: 'array' }]);
  const { next } = compiled.generator(1);
  expect(new Set(Array.from({ length: 500 }, () => decoder.decode(next()))).size).toBeLessThanOrEqual(16);
  expect(compile({ schema: REALISTIC['BundleOffered'] as JsonSchema }).fallbacks).toEqual([]);
});

it('has the errors of the schema', () => {
  expect(() => compile({ schema: { type: 'integer', minimum: 2, maximum: 1 } })).toThrow(UnsatisfiableSchema);
  expect(() => compile({ schema: { type: 'array', items: { $ref: '#' }, minItems: 1 } })).toThrow(EndlessSchema);
  expect(() => compile({ schema: { minLenght: 2 } })).toThrow(UnsupportedKeyword);
});
