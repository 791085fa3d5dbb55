import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ImpossibleViolation,
  invalid,
  sample,
  violations,
  type JsonSchema,
  type Violation,
} from '../../../harness/generate/schema/index.ts';
import { FORMATS, KEYWORDS, REALISTIC } from './bank.ts';
import { validatorsOf, type Complaint } from './validators.ts';

const BANK: Readonly<Record<string, JsonSchema>> = {
  ...KEYWORDS,
  ...REALISTIC,
  ...Object.fromEntries(FORMATS.map((format) => [`format ${format}`, { type: 'string', format }])),
};
const N = 20;

/** ajv takes every text of a format that it does not know. */
const isUnknownToAjv = (schema: JsonSchema): boolean =>
  typeof schema === 'object' && /^(?:iri|idn-)/.test((schema['format'] ?? '') as string);

/** Both validators tell of `minContains` and `maxContains` as `contains`. */
const reported = (keyword: string): string => (/^m..Contains$/.test(keyword) ? 'contains' : keyword);

const byAjv =
  ({ keyword, path }: Violation) =>
  (one: Complaint): boolean =>
    one.keyword === reported(keyword) && one.instance === path;

/** hyperjump tells where in the schema the keyword stands, and of `false` at the member that it forbids. */
function byHyperjump({ keyword, path, schemaPath }: Violation): (one: Complaint) => boolean {
  const place = schemaPath
    .replace(/\/(?:minContains|maxContains)$/, '/contains')
    .replace(/(\/required|\/dependentRequired)\/.*$/, '$1')
    .replace(/^.*#/, '');
  const decoded = keyword === 'false schema' ? schemaPath : place;
  return ({ schema = '', instance }) =>
    (decoded.endsWith(schema) && (instance === path || instance.startsWith(`${path}/`))) ||
    (keyword === 'propertyNames' && schema.startsWith(decoded));
}

describe.each(Object.entries(BANK))('violations of the schema "%s"', (_, schema) => {
  it('are refused by ajv and by hyperjump for the planned keyword at the planned place', async () => {
    const { ajv, hyperjump } = await validatorsOf(schema);
    const source = { schema };
    const taken = violations(source).flatMap((violation) =>
      sample(invalid(source, violation), 5, N)
        .filter(
          (value) =>
            (!isUnknownToAjv(schema) && !ajv(value).some(byAjv(violation))) ||
            !hyperjump(value).some(byHyperjump(violation)),
        )
        .map((value) => ({ violation, value })),
    );
    expect(taken).toEqual([]);
  });
});

/** Keywords by which a schema applies others: ajv tells of those as well. */
const APPLIES = /"(?:anyOf|oneOf|not|if|contains|propertyNames)"/;
const plain = Object.entries(BANK).filter(([, schema]) => !APPLIES.test(JSON.stringify(schema)));

it('has plain schemas to test by', () => {
  expect(plain.length).toBeGreaterThan(50);
});

it.each(plain)('nothing but the planned keyword is broken in "%s" where the violation says so', async (_, schema) => {
  const { ajv } = await validatorsOf(schema);
  const source = { schema };
  const more = violations(source)
    .filter(({ alone }) => alone)
    .flatMap((violation) =>
      sample(invalid(source, violation), 9, N)
        .filter((value) => !ajv(value).every(byAjv(violation)))
        .map((value) => ({ violation, value })),
    );
  expect(more).toEqual([]);
});

const told = (schema: JsonSchema): string[] =>
  violations({ schema }).map(({ keyword, path, schemaPath }) => `${keyword} ${path} ${schemaPath}`);

describe('the list of violations', () => {
  it('names every keyword at every place, and each required name', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'string', minLength: 2, pattern: '^[a-z]+$' },
        list: { type: 'array', items: { $ref: '#/$defs/entry' }, maxItems: 3 },
      },
      required: ['a', 'list'],
      additionalProperties: false,
      $defs: { entry: { type: 'object', properties: { 'n/m': { type: 'integer', minimum: 0 } }, required: ['n/m'] } },
    };
    expect(told(schema).toSorted()).toEqual(
      [
        'type  /type',
        'required  /required/0',
        'required  /required/1',
        'additionalProperties  /additionalProperties',
        'type /a /properties/a/type',
        'minLength /a /properties/a/minLength',
        'pattern /a /properties/a/pattern',
        'type /list /properties/list/type',
        'maxItems /list /properties/list/maxItems',
        'type /list/0 /$defs/entry/type',
        'required /list/0 /$defs/entry/required/0',
        'type /list/0/n~1m /$defs/entry/properties/n~1m/type',
        'minimum /list/0/n~1m /$defs/entry/properties/n~1m/minimum',
      ].toSorted(),
    );
  });

  it('tells apart two places of one shared schema', () => {
    const word = { $ref: '#/$defs/word' };
    expect(
      told({
        type: 'object',
        properties: { a: word, b: { $ref: '#/$defs/word' } },
        $defs: { word: { type: 'string', maxLength: 3 } },
      }),
    ).toEqual(expect.arrayContaining(['maxLength /a /$defs/word/maxLength', 'maxLength /b /$defs/word/maxLength']));
  });

  it('reaches into then, dependentSchemas and the branches of oneOf', () => {
    expect(told(KEYWORDS['if then else'] as JsonSchema)).toEqual(
      expect.arrayContaining([
        'pattern /code /then/properties/code/pattern',
        'pattern /code /else/properties/code/pattern',
      ]),
    );
    expect(told(KEYWORDS['dependentSchemas'] as JsonSchema)).toContain('required  /dependentSchemas/n/required/0');
    expect(told(KEYWORDS['oneOf with a tag'] as JsonSchema)).toContain('required  /oneOf/1/required/0');
  });

  it('names a member that may not be there', () => {
    expect(told({ type: 'object', properties: { gone: false } })).toContain('false schema /gone /properties/gone');
  });

  it('is empty where nothing can be broken', () => {
    expect(violations({ schema: true })).toEqual([]);
    expect(violations({ schema: { title: 'anything' } })).toEqual([]);
  });

  it('leaves out a keyword that can never fail', () => {
    expect(told({ type: 'array', items: { type: 'integer' }, contains: true, minContains: 0 })).toEqual([
      'type  /type',
      'type /0 /items/type',
    ]);
  });
});

it('has near misses among the texts that break a pattern, and they come first when shrunk', () => {
  const schema = { type: 'string', pattern: '^[A-Z]{2}\\d{2}$' };
  const arbitrary = invalid({ schema }, { keyword: 'pattern', path: '', schemaPath: '/pattern' });
  const texts = sample(arbitrary, 1, 100) as string[];
  expect(texts.filter((text) => /^[A-Z]{2}\d$|^[A-Z]{2}\d{2}.$|^.[A-Z]{2}\d{2}$/u.test(text)).length).toBeGreaterThan(
    20,
  );
  const shrunk = fc.check(
    fc.property(arbitrary, () => false),
    { seed: 1, numRuns: 1 },
  );
  expect(shrunk.counterexample).toEqual(['AA0']);
});

it('a violation that is not of the schema is an error of its own', () => {
  const violation = { keyword: 'minLength', path: '/x', schemaPath: '/minLength' };
  expect(() => invalid({ schema: { type: 'string' } }, violation)).toThrow(ImpossibleViolation);
});
