/** Schemas that are made to hurt: within bounded time and memory each gives values, or one error that names the place. */
import { describe, expect, it } from 'vitest';
import * as api from '../../../harness/generate/schema/index.ts';
import { compile } from '../../../harness/generate/compiled/index.ts';

const nested = (depth: number, wrap: (inner: unknown) => unknown, innermost: unknown): unknown => {
  let schema = innermost;
  for (let level = 0; level < depth; level += 1) schema = wrap(schema);
  return schema;
};
const words = Array.from({ length: 5_000 }, (_, i) => `value-${i}`);
const cycle = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`s${i}`, { $ref: `#/$defs/s${(i + 1) % 50}` }]));

const GIVING: Readonly<Record<string, unknown>> = {
  'a vast maxLength': { type: 'string', maxLength: 2 ** 53 - 1 },
  'vast counts': { type: 'array', items: { type: 'null' }, maxItems: 1e12 },
  'an enum of thousands': { enum: words },
  'an enum of thousands beside another': { allOf: [{ enum: words }, { enum: words.slice(2_500) }] },
  'thousands of members': {
    type: 'object',
    properties: Object.fromEntries(words.slice(0, 2_000).map((name) => [name, { type: 'integer' }])),
    additionalProperties: false,
  },
  'a catastrophic pattern': { type: 'string', pattern: '^(([a-z])+.)+[A-Z]([a-z])+$', maxLength: 40 },
  'nested stars': { type: 'string', pattern: '^((((a*)*)*)*)*$', maxLength: 50 },
  'Unicode properties': { type: 'string', pattern: '^\\p{Script=Greek}+\\P{L}\\p{Emoji_Presentation}$', maxLength: 12 },
  'looking behind': { type: 'string', pattern: '^a+(?<=aa)b$', maxLength: 8 },
  'looking ahead and against': { type: 'string', pattern: '^(?!.*aa)(?=.*b)[ab]{4,9}$' },
  'named groups': { type: 'string', pattern: '^(?<year>\\d{4})-(?<month>\\d{2})$' },
  'wide bounds of numbers': { type: 'number', minimum: -1.7e308, maximum: 1.7e308 },
  'a number beyond 53 bits': { type: 'integer', minimum: 1e300 },
  'a tiny multiple': { type: 'number', multipleOf: 1e-300, minimum: 0, maximum: 1 },
  'a bound at the edge': { type: 'number', exclusiveMinimum: 0, maximum: Number.MIN_VALUE },
  'deep nesting': nested(100, (inner) => ({ type: 'array', items: inner, minItems: 1, maxItems: 2 }), { type: 'null' }),
  'many branches': {
    allOf: Array.from({ length: 12 }, (_, i) => ({
      anyOf: [{ type: 'object', properties: { [`a${i}`]: { const: 1 } } }, { required: [`b${i}`] }],
    })),
    type: 'object',
  },
  'a reference to itself beside others': { allOf: [{ $ref: '#' }], type: 'string' },
  'the meta-schema in short': {
    $defs: {
      any: {
        type: ['object', 'boolean'],
        properties: { not: { $ref: '#/$defs/any' }, allOf: { type: 'array', items: { $ref: '#/$defs/any' } } },
      },
    },
    $ref: '#/$defs/any',
  },
  'names of Object.prototype': {
    type: 'object',
    properties: { __proto__: { type: 'integer' }, toString: { type: 'string' } },
    required: ['toString'],
  },
  'null characters in names': { type: 'object', properties: { '\u0000': { const: '\u0000' } }, required: ['\u0000'] },
};

const REFUSED: Readonly<Record<string, readonly [schema: unknown, error: new (...args: never[]) => api.SchemaError]>> =
  {
    'a minLength that no text here reaches': [{ type: 'string', minLength: 2 ** 53 - 1 }, api.UnsupportedKeyword],
    'a minItems that no array here reaches': [
      { type: 'array', items: { type: 'null' }, minItems: 1e9 },
      api.UnsupportedKeyword,
    ],
    'a number that is none': [JSON.parse('{"type":"number","minimum":1e400}'), api.MalformedSchema],
    'conflicts under allOf': [
      { allOf: [{ type: 'object', required: ['a'] }, { maxProperties: 0 }] },
      api.UnsatisfiableSchema,
    ],
    'conflicts of formats': [
      { type: 'string', allOf: [{ format: 'uuid' }, { format: 'ipv4' }] },
      api.UnsatisfiableSchema,
    ],
    'a cycle of references': [{ $ref: '#/$defs/s0', $defs: cycle, allOf: [false] }, api.UnsatisfiableSchema],
    'nesting without end': [nested(5_000, (inner) => ({ items: inner }), true), api.MalformedSchema],
    'one anchor twice': [
      { $defs: { a: { $anchor: 'x', type: 'string' }, b: { $anchor: 'x', type: 'null' } }, $ref: '#x' },
      api.MalformedSchema,
    ],
    'one identifier twice': [
      { $defs: { a: { $id: 'x', type: 'string' }, b: { $id: 'x', type: 'null' } }, $ref: 'x' },
      api.MalformedSchema,
    ],
    'an identifier that is no URI': [{ $id: 'http://[', type: 'null' }, api.MalformedSchema],
    'another dialect': [{ $schema: 'http://json-schema.org/draft-07/schema#', type: 'null' }, api.UnsupportedKeyword],
    'a back reference': [{ type: 'string', pattern: '^(a+)b\\1$' }, api.UnsupportedPattern],
    'a pattern of vast repetitions': [{ type: 'string', pattern: '^(?:[ab]{0,2000}c){2000}$' }, api.UnsupportedPattern],
    'two patterns that explode together': [
      { type: 'string', allOf: [{ pattern: '(?:a|b)*a(?:a|b){30}$' }, { pattern: '^(?:b|a){20}a(?:a|b)*' }] },
      api.UnsupportedPattern,
    ],
  };

const source = (schema: unknown): api.SchemaSource => ({ schema: schema as api.JsonSchema });

describe.each(Object.entries(GIVING))('a schema with %s', (_, schema) => {
  it('gives values of bounded size, as objects and as bytes', () => {
    const values = [api.minimal(source(schema)), ...api.sample(api.valid(source(schema)), 1, 20)];
    const { next } = compile(source(schema)).generator(1);
    const sizes = [
      ...values.map((value) => JSON.stringify(value).length),
      ...Array.from({ length: 20 }, () => next().length),
    ];
    expect(Math.max(...sizes)).toBeLessThan(400_000);
  });
});

describe.each(Object.entries(REFUSED))('a schema with %s', (_, [schema, error]) => {
  it('is refused by name, with its place', () => {
    expect(() => api.valid(source(schema))).toThrow(error);
    expect(() => api.valid(source(schema))).toThrow(/^schema at "/);
  });
});
