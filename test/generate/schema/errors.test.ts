import { describe, expect, it } from 'vitest';
import * as api from '../../../harness/generate/schema/index.ts';
import { validatorsOf } from './validators.ts';

const failure = (schema: unknown, resolve?: (uri: string) => api.JsonSchema | undefined): api.SchemaError => {
  try {
    api.valid({ schema: schema as api.JsonSchema, ...(resolve === undefined ? {} : { resolve }) });
  } catch (error) {
    if (error instanceof api.SchemaError) return error;
    throw error;
  }
  throw new Error('it was taken');
};
const inside = (schema: unknown): unknown => ({
  type: 'object',
  properties: { a: { allOf: [schema] } },
  required: ['a'],
});

describe.each([
  ['an unknown keyword', { minLenght: 3 }, api.UnsupportedKeyword, '/properties/a/allOf/0/minLenght'],
  ['a keyword of an older draft', { dependencies: {} }, api.UnsupportedKeyword, '/properties/a/allOf/0/dependencies'],
  ['an unknown format', { type: 'string', format: 'vrm' }, api.UnsupportedKeyword, '/properties/a/allOf/0/format'],
  [
    'an unknown encoding',
    { type: 'string', contentEncoding: 'rot13' },
    api.UnsupportedKeyword,
    '/properties/a/allOf/0/contentEncoding',
  ],
  ['a malformed pattern', { type: 'string', pattern: '[' }, api.UnsupportedPattern, '/properties/a/allOf/0/pattern'],
  [
    'a pattern with a back reference',
    { type: 'string', pattern: '^(a|b)\\1$' },
    api.UnsupportedPattern,
    '/properties/a/allOf/0/pattern',
  ],
  [
    'a pattern that begins in the middle',
    { type: 'string', pattern: 'a?^b' },
    api.UnsupportedPattern,
    '/properties/a/allOf/0/pattern',
  ],
  [
    'a pattern that needs too many states',
    { type: 'string', pattern: '(?:a|b)*a(?:a|b){40}c' },
    api.UnsupportedPattern,
    '/properties/a/allOf/0/pattern',
  ],
  [
    'a malformed name pattern',
    { type: 'object', patternProperties: { '(': true } },
    api.UnsupportedPattern,
    '/properties/a/allOf/0/patternProperties',
  ],
  [
    'a keyword of the wrong type',
    { type: 'string', minLength: '3' },
    api.MalformedSchema,
    '/properties/a/allOf/0/minLength',
  ],
  ['a type that does not exist', { type: 'text' }, api.MalformedSchema, '/properties/a/allOf/0/type'],
  ['a reference to nowhere', { $ref: '#/$defs/none' }, api.UnresolvedReference, '/properties/a/allOf/0/$ref'],
  [
    'a reference to an unknown document',
    { $ref: 'https://elsewhere.test/x' },
    api.UnresolvedReference,
    '/properties/a/allOf/0/$ref',
  ],
  ['an anchor that does not exist', { $ref: '#nobody' }, api.UnresolvedReference, '/properties/a/allOf/0/$ref'],
])('%s', (_, schema, kind, path) => {
  it('is an error that names its place', () => {
    const error = failure(inside(schema));
    expect(error).toBeInstanceOf(kind);
    expect(error.schemaPath).toBe(path);
    expect(error.message).toContain(path);
    expect(error.code).toMatch(/^SCHEMA_[A-Z_]+$/);
  });
});

describe.each([
  ['crossed bounds', { type: 'integer', minimum: 3, maximum: 2 }],
  ['no multiple within the bounds', { type: 'integer', multipleOf: 10, minimum: 1, maximum: 9 }],
  ['lengths that the pattern cannot have', { type: 'string', pattern: '^\\d{4}$', maxLength: 3 }],
  ['patterns that exclude each other', { allOf: [{ pattern: '^a' }, { pattern: '^b' }], type: 'string' }],
  ['types that exclude each other', { allOf: [{ type: 'string' }, { type: 'integer' }] }],
  ['an enum without a value of the type', { type: 'string', enum: [1, 2] }],
  ['a required member that is not allowed', { type: 'object', required: ['a'], properties: { a: false } }],
  ['a required name that is not allowed', { type: 'object', required: ['a'], additionalProperties: false }],
  [
    'more distinct elements than there are',
    { type: 'array', items: { type: 'boolean' }, uniqueItems: true, minItems: 3 },
  ],
  ['the opposite of everything', { not: {} }],
  ['false', false],
  ['both and neither', { type: 'integer', oneOf: [{ minimum: 0 }, { minimum: 0 }], minimum: 0 }],
])('a schema with %s', (_, schema) => {
  it('is unsatisfiable, which is an error', () => {
    expect(failure(schema)).toBeInstanceOf(api.UnsatisfiableSchema);
  });
});

it('a recursive schema without an end is an error of its own', () => {
  const error = failure({
    $ref: '#/$defs/a',
    $defs: { a: { type: 'object', properties: { b: { $ref: '#/$defs/a' } }, required: ['b'] } },
  });
  expect(error).toBeInstanceOf(api.EndlessSchema);
  expect(failure({ type: 'array', items: { $ref: '#' }, minItems: 1 })).toBeInstanceOf(api.EndlessSchema);
  expect(
    failure({
      $ref: '#/$defs/a',
      $defs: {
        a: { $ref: '#/$defs/b' },
        b: {
          allOf: [{ $ref: '#/$defs/a' }],
          type: 'object',
          properties: { x: { $ref: '#/$defs/b' } },
          required: ['x'],
        },
      },
    }),
  ).toBeInstanceOf(api.EndlessSchema);
});

it('a recursive schema with a way out is none', () => {
  expect(api.minimal({ schema: { type: 'array', items: { $ref: '#' } } })).toEqual([]);
});

it('an optional member that cannot be is left out', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'integer' }, never: { allOf: [{ type: 'string' }, { type: 'null' }] } },
    additionalProperties: false,
  };
  for (const value of api.sample(api.valid({ schema }), 1, 50))
    expect(Object.keys(value as object)).not.toContain('never');
});

it('annotations and names that begin with x- are no hindrance', () => {
  expect(
    api.minimal({
      schema: { type: 'null', title: 'a', description: 'b', 'x-rule': 1, examples: [null], deprecated: true },
    }),
  ).toBeNull();
});

it('a catastrophic pattern is generated from without backtracking', () => {
  const schema = { type: 'string', pattern: '^(?:(?:a*)*b?)*c$', maxLength: 25 };
  for (const value of api.sample(api.valid({ schema }), 1, 50)) expect(value).toMatch(/^[ab]*c$/);
});

describe('references to other documents', () => {
  const documents: Record<string, api.JsonSchema> = {
    'https://schemas.test/person.json': {
      type: 'object',
      properties: { name: { $ref: 'text.json#/$defs/short' } },
      required: ['name'],
      additionalProperties: false,
    },
    'https://schemas.test/text.json': { $defs: { short: { type: 'string', minLength: 1, maxLength: 4 } } },
  };
  const schema = { $id: 'https://schemas.test/root.json', type: 'array', items: { $ref: 'person.json' }, minItems: 1 };
  const source = { schema, resolve: (uri: string) => documents[uri] };

  it('are followed, and their violations name the document', async () => {
    const { ajv, hyperjump } = await validatorsOf(schema, documents);
    for (const value of [api.minimal(source), ...api.sample(api.valid(source), 1, 50)]) {
      expect(ajv(value)).toEqual([]);
      expect(hyperjump(value)).toEqual([]);
    }
    const violation = api.violations(source).find((one) => one.keyword === 'maxLength');
    expect(violation).toEqual({
      keyword: 'maxLength',
      path: '/0/name',
      schemaPath: 'https://schemas.test/text.json#/$defs/short/maxLength',
      alone: true,
    });
    for (const value of api.sample(api.invalid(source, violation as api.Violation), 1, 20))
      expect(hyperjump(value)).not.toEqual([]);
  });

  it('may point into a part that is no schema by itself', () => {
    expect(api.minimal({ schema: { $ref: '#/x-shared/code', 'x-shared': { code: { const: 7 } } } })).toBe(7);
  });
});
