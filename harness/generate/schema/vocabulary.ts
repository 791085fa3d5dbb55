/** The keywords of JSON Schema 2020-12, and what is checked of them before anything is generated. */
import { MalformedSchema, UnsupportedKeyword } from './errors.ts';
import { isObject, token, type SchemaObject } from './json.ts';

/** Keywords that say nothing about the instance. Names that begin with `x-` are taken for annotations as well. */
const ANNOTATIONS = new Set(
  `$schema $id $anchor $dynamicAnchor $vocabulary $comment $defs definitions title description default
   examples deprecated readOnly writeOnly`.split(/\s+/),
);

/** Assertions and applicators, with the types of instance that they speak about ('*' for any). */
const KEYWORDS: Readonly<Record<string, string>> = {
  $ref: '*',
  $dynamicRef: '*',
  allOf: '*',
  anyOf: '*',
  oneOf: '*',
  not: '*',
  if: '*',
  then: '*',
  else: '*',
  type: '*',
  enum: '*',
  const: '*',
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  multipleOf: 'number',
  minLength: 'string',
  maxLength: 'string',
  pattern: 'string',
  format: 'string',
  contentEncoding: 'string',
  contentMediaType: 'string',
  contentSchema: 'string',
  items: 'array',
  prefixItems: 'array',
  minItems: 'array',
  maxItems: 'array',
  uniqueItems: 'array',
  contains: 'array',
  minContains: 'array',
  maxContains: 'array',
  unevaluatedItems: 'array',
  properties: 'object',
  required: 'object',
  additionalProperties: 'object',
  patternProperties: 'object',
  propertyNames: 'object',
  minProperties: 'object',
  maxProperties: 'object',
  dependentRequired: 'object',
  dependentSchemas: 'object',
  unevaluatedProperties: 'object',
};

/** The type of instance that a keyword speaks about, where it is but one. */
export const speaksOf = (keyword: string): string => KEYWORDS[keyword] ?? '*';

const isSchema = (value: unknown): boolean => typeof value === 'boolean' || isObject(value);
const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0;
const isNumber = (value: unknown): boolean => Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every(isText) && new Set(value).size === value.length;
const each =
  (test: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isObject(value) && Object.values(value).every(test);
const some = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isSchema);
const TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'];

const SHAPES: readonly (readonly [names: string, what: string, test: (value: unknown) => boolean])[] = [
  [
    '$schema $ref $dynamicRef $id pattern format contentEncoding contentMediaType $anchor $dynamicAnchor',
    'a string',
    isText,
  ],
  ['allOf anyOf oneOf prefixItems', 'a list of one or more schemas', some],
  [
    'not if then else items contains unevaluatedItems additionalProperties propertyNames unevaluatedProperties contentSchema',
    'a schema',
    isSchema,
  ],
  ['properties patternProperties dependentSchemas $defs', 'an object of schemas', each(isSchema)],
  ['minimum maximum exclusiveMinimum exclusiveMaximum', 'a number', isNumber],
  ['multipleOf', 'a number above 0', (value) => isNumber(value) && (value as number) > 0],
  [
    'minLength maxLength minItems maxItems minContains maxContains minProperties maxProperties',
    'an integer of 0 or more',
    isCount,
  ],
  ['required', 'a list of distinct names', isNames],
  ['dependentRequired', 'an object of lists of distinct names', each(isNames)],
  ['enum', 'a list of values', Array.isArray],
  ['uniqueItems', 'a boolean', (value) => typeof value === 'boolean'],
  [
    'type',
    'a type or a list of distinct types',
    (value) =>
      TYPES.includes(value as string) ||
      (isNames(value) && (value as string[]).length > 0 && (value as string[]).every((one) => TYPES.includes(one))),
  ],
];
const shapeOf = new Map(
  SHAPES.flatMap(([names, what, test]) => names.split(' ').map((name) => [name, { what, test }] as const)),
);

const DIALECT = /^https?:\/\/json-schema\.org\/draft\/2020-12\/schema#?$/;

/** @throws {MalformedSchema | UnsupportedKeyword} at the first keyword that is wrong, unknown or not supported */
export function checkKeywords(schema: SchemaObject, schemaPath: string): void {
  const dialect = schema['$schema'];
  if (typeof dialect === 'string' && !DIALECT.test(dialect))
    throw new UnsupportedKeyword('$schema', `${schemaPath}/$schema`, `"${dialect}" is not the dialect of 2020-12`);
  for (const keyword of Object.keys(schema)) {
    const path = `${schemaPath}/${token(keyword)}`;
    const shape = shapeOf.get(keyword);
    if (shape !== undefined && !shape.test(schema[keyword]))
      throw new MalformedSchema(path, `"${keyword}" must be ${shape.what}`);
    if (KEYWORDS[keyword] !== undefined || ANNOTATIONS.has(keyword) || keyword.startsWith('x-')) continue;
    throw new UnsupportedKeyword(
      keyword,
      path,
      'it is no keyword of JSON Schema 2020-12 (an annotation of your own begins with "x-")',
    );
  }
}
