/**
 * The keywords of JSON Schema 2020-12 that a payload may use, and what each holds: one schema, a list or a mapping of
 * schemas, or a value. `within` schemas speak of the same place of the payload, `below` of a place inside of it.
 */
type Holds = 'schema' | 'schemas' | 'named-schemas' | 'value';

interface Keyword {
  readonly holds: Holds;
  readonly at?: 'within' | 'below';
}

const value: Keyword = { holds: 'value' };

export const keywords: ReadonlyMap<string, Keyword> = new Map<string, Keyword>([
  ...[
    '$schema',
    '$ref',
    '$comment',
    'type',
    'enum',
    'const',
    'multipleOf',
    'maximum',
    'exclusiveMaximum',
    'minimum',
    'exclusiveMinimum',
    'maxLength',
    'minLength',
    'pattern',
    'maxItems',
    'minItems',
    'uniqueItems',
    'maxContains',
    'minContains',
    'maxProperties',
    'minProperties',
    'required',
    'dependentRequired',
    'format',
    'title',
    'description',
    'default',
    'deprecated',
    'readOnly',
    'writeOnly',
    'examples',
    'contentEncoding',
    'contentMediaType',
  ].map((name): [string, Keyword] => [name, value]),
  ['$defs', { holds: 'named-schemas' }],
  ...['not', 'if', 'then', 'else'].map((name): [string, Keyword] => [name, { holds: 'schema', at: 'within' }]),
  ...['allOf', 'anyOf', 'oneOf'].map((name): [string, Keyword] => [name, { holds: 'schemas', at: 'within' }]),
  ['dependentSchemas', { holds: 'named-schemas', at: 'within' }],
  ...[
    'items',
    'contains',
    'additionalProperties',
    'propertyNames',
    'unevaluatedItems',
    'unevaluatedProperties',
    'contentSchema',
  ].map((name): [string, Keyword] => [name, { holds: 'schema', at: 'below' }]),
  ['prefixItems', { holds: 'schemas', at: 'below' }],
  ...['properties', 'patternProperties'].map((name): [string, Keyword] => [
    name,
    { holds: 'named-schemas', at: 'below' },
  ]),
]);

/** Keywords of 2020-12 that are refused, and what to write instead. */
export const refusedKeywords: ReadonlyMap<string, string> = new Map(
  ['$id', '$anchor', '$dynamicAnchor', '$dynamicRef', '$vocabulary'].map((name): [string, string] => [
    name,
    'refer to schemas by file and JSON Pointer: $ref: ./common.json#/$defs/name',
  ]),
);

export const dialect = 'https://json-schema.org/draft/2020-12/schema';
