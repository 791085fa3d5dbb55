/** Schemas that exercise each keyword, and realistic ones. */
import type { JsonSchema } from '../../../harness/generate/schema/index.ts';

const INCIDENT_NO = '^[1-9]\\d{0,4}/\\d{2}[A-Z]{3}\\d{2}$';
const ASN = '^\\d{2}[A-Z0-9]{6,7}\\d{11}[A-HJ-NP-RT-Z]$';

export const KEYWORDS: Readonly<Record<string, JsonSchema>> = {
  true: true,
  'type null': { type: 'null' },
  'type boolean': { type: 'boolean' },
  'type integer': { type: 'integer' },
  'type number': { type: 'number' },
  'types in a list': { type: ['string', 'null', 'integer'] },
  'enum of mixed types': { enum: ['a', 1, null, { b: [1] }, [2]] },
  'enum narrowed by type and length': { type: 'string', enum: ['a', 'bb', 'ccc', 4], minLength: 2 },
  'const object': { const: { a: [1, { b: null }] } },
  'string lengths': { type: 'string', minLength: 3, maxLength: 7 },
  'string of one length': { type: 'string', minLength: 36, maxLength: 36 },
  'long text': { type: 'string', minLength: 1, maxLength: 2000 },
  pattern: { type: 'string', pattern: INCIDENT_NO },
  'pattern with bounds': { type: 'string', pattern: ASN, minLength: 21, maxLength: 21 },
  'pattern unanchored': { type: 'string', pattern: 'X\\d', maxLength: 12 },
  'pattern with lookaheads': { type: 'string', pattern: '^(?=.*\\d)(?=.*[a-z])(?=.*[A-Z])(?!.*\\s).{8,20}$' },
  'pattern that backtracks without end': { type: 'string', pattern: '^(a+)+$', maxLength: 30 },
  'pattern by Unicode property': { type: 'string', pattern: '^\\p{Lu}\\p{L}{0,20}$' },
  'patterns joined': {
    type: 'string',
    allOf: [{ pattern: '^[a-f0-9]+$' }, { pattern: '[0-9]$' }, { pattern: '^a' }, { minLength: 4 }],
  },
  'pattern and format': { type: 'string', format: 'date-time', pattern: 'Z$' },
  'wide pattern and format': { type: 'string', format: 'uri-reference', pattern: '^[!-~]{1,128}$' },
  'pattern that must not match': { type: 'string', minLength: 1, maxLength: 8, not: { pattern: '^[a-z]' } },
  'number bounds': { type: 'number', minimum: -2.5, exclusiveMaximum: 7.25 },
  'narrow number bounds': { type: 'number', exclusiveMinimum: 0, maximum: 0.001 },
  'integer bounds': { type: 'integer', exclusiveMinimum: -3, maximum: 12 },
  latitude: { type: 'number', minimum: -90, maximum: 90, multipleOf: 0.000001 },
  money: { type: 'number', minimum: 0, maximum: 1000, multipleOf: 0.01 },
  'multiples of both': { allOf: [{ type: 'integer', multipleOf: 4 }, { multipleOf: 6 }], minimum: 1 },
  items: { type: 'array', items: { type: 'integer', minimum: 0 }, minItems: 1, maxItems: 4 },
  prefixItems: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'integer' }], items: false, minItems: 1 },
  'prefixItems with more': { type: 'array', prefixItems: [{ const: 'head' }], items: { type: 'boolean' }, minItems: 2 },
  uniqueItems: { type: 'array', items: { enum: ['a', 'b', 'c', 'd'] }, uniqueItems: true, minItems: 3 },
  'unique objects': {
    type: 'array',
    items: {
      type: 'object',
      properties: { id: { type: 'integer', minimum: 0, maximum: 20 } },
      required: ['id'],
      additionalProperties: false,
    },
    uniqueItems: true,
    minItems: 2,
    maxItems: 6,
  },
  contains: { type: 'array', items: { type: 'integer' }, contains: { minimum: 100 } },
  'contains counted': {
    type: 'array',
    items: { type: 'integer', minimum: 0, maximum: 9 },
    contains: { const: 7 },
    minContains: 2,
    maxContains: 3,
    maxItems: 8,
  },
  'contains none or few': {
    type: 'array',
    items: { enum: [1, 2] },
    contains: { const: 1 },
    minContains: 0,
    maxContains: 1,
    maxItems: 4,
  },
  unevaluatedItems: {
    type: 'array',
    prefixItems: [{ type: 'integer' }],
    allOf: [{ prefixItems: [true, { type: 'string' }] }],
    unevaluatedItems: false,
    minItems: 1,
  },
  properties: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a'] },
  'closed object': {
    type: 'object',
    properties: { a: { type: 'string', maxLength: 5 }, b: { type: 'integer' } },
    required: ['a'],
    additionalProperties: false,
  },
  map: { type: 'object', additionalProperties: { type: 'integer', minimum: 0 }, minProperties: 1, maxProperties: 4 },
  patternProperties: {
    type: 'object',
    patternProperties: { '^x-': { type: 'string' }, '^n': { type: 'integer' } },
    additionalProperties: false,
    minProperties: 1,
  },
  'overlapping patternProperties': {
    type: 'object',
    patternProperties: { '^a': { type: 'integer' }, '^ab': { minimum: 5 } },
    properties: { abc: { multipleOf: 2 } },
    additionalProperties: false,
  },
  propertyNames: {
    type: 'object',
    propertyNames: { pattern: '^[A-Z]{2,4}$' },
    additionalProperties: { type: 'boolean' },
    maxProperties: 3,
  },
  'names from an enum': {
    type: 'object',
    propertyNames: { enum: ['red', 'green', 'blue'] },
    additionalProperties: { type: 'integer' },
    minProperties: 1,
  },
  'counted members': {
    type: 'object',
    properties: { a: { const: 1 }, b: { const: 2 }, c: { const: 3 } },
    additionalProperties: false,
    minProperties: 2,
    maxProperties: 2,
  },
  dependentRequired: {
    type: 'object',
    properties: { card: { type: 'string' }, address: { type: 'string' }, code: { type: 'string' } },
    dependentRequired: { card: ['address'], address: ['code'] },
    additionalProperties: false,
  },
  dependentSchemas: {
    type: 'object',
    properties: { kind: { type: 'string' }, n: { type: 'integer' } },
    dependentSchemas: { n: { properties: { n: { minimum: 5 } }, required: ['kind'] } },
    additionalProperties: false,
  },
  allOf: {
    allOf: [
      { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
      { properties: { a: { minimum: 3 }, b: { type: 'string' } }, required: ['b'] },
    ],
  },
  anyOf: {
    anyOf: [
      { type: 'string', maxLength: 3 },
      { type: 'integer', minimum: 10 },
    ],
  },
  'oneOf with a tag': {
    type: 'object',
    required: ['kind'],
    oneOf: [
      { properties: { kind: { const: 'dot' }, x: { type: 'integer' } }, required: ['x'] },
      { properties: { kind: { const: 'line' }, length: { type: 'number', minimum: 0 } }, required: ['length'] },
    ],
  },
  'oneOf that overlaps': {
    oneOf: [
      { type: 'integer', minimum: 0 },
      { type: 'integer', maximum: 10 },
    ],
  },
  'oneOf where one holds the other': { type: 'integer', oneOf: [{ minimum: 1 }, { minimum: 5 }] },
  not: { type: 'integer', minimum: 0, maximum: 20, not: { multipleOf: 3 } },
  'not of an object': {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'integer' } },
    not: { required: ['a', 'b'] },
    additionalProperties: false,
  },
  'not of values': { type: 'integer', minimum: 0, maximum: 3, not: { enum: [0, 2] } },
  'if then else': {
    type: 'object',
    properties: { country: { enum: ['GB', 'FR'] }, code: { type: 'string', maxLength: 9 } },
    required: ['country', 'code'],
    if: { properties: { country: { const: 'GB' } }, required: ['country'] },
    then: { properties: { code: { pattern: '^[A-Z]{2}\\d$' } } },
    else: { properties: { code: { pattern: '^\\d{5}$' } } },
    additionalProperties: false,
  },
  'recursive tree': {
    $ref: '#/$defs/tree',
    $defs: {
      tree: {
        type: 'object',
        properties: {
          name: { type: 'string', maxLength: 5 },
          children: { type: 'array', items: { $ref: '#/$defs/tree' } },
        },
        required: ['name'],
        additionalProperties: false,
      },
    },
  },
  'recursion through anyOf': {
    $defs: {
      expression: {
        anyOf: [
          { type: 'integer' },
          {
            type: 'object',
            properties: { left: { $ref: '#/$defs/expression' }, right: { $ref: '#/$defs/expression' } },
            required: ['left', 'right'],
            additionalProperties: false,
          },
        ],
      },
    },
    $ref: '#/$defs/expression',
  },
  'anchor and id': {
    $id: 'https://example.com/root',
    type: 'object',
    properties: { a: { $ref: '#word' }, b: { $ref: 'other' } },
    required: ['a', 'b'],
    $defs: {
      word: { $anchor: 'word', type: 'string', pattern: '^[a-z]+$' },
      other: { $id: 'other', type: 'integer', maximum: 5 },
    },
  },
  dynamicRef: {
    $id: 'https://example.com/strict-tree',
    $dynamicAnchor: 'node',
    $ref: 'tree',
    unevaluatedProperties: false,
    $defs: {
      tree: {
        $id: 'tree',
        $dynamicAnchor: 'node',
        type: 'object',
        properties: {
          data: { type: 'integer' },
          children: { type: 'array', items: { $dynamicRef: '#node' }, maxItems: 3 },
        },
        required: ['data'],
      },
    },
  },
  unevaluatedProperties: {
    type: 'object',
    allOf: [{ properties: { a: { type: 'integer' } } }],
    anyOf: [
      { properties: { b: { const: 1 } }, required: ['b'] },
      { properties: { c: { const: 2 } }, required: ['c'] },
    ],
    unevaluatedProperties: false,
  },
  'unevaluatedProperties with a schema': {
    type: 'object',
    $ref: '#/$defs/base',
    $defs: { base: { properties: { id: { type: 'integer' } }, required: ['id'] } },
    unevaluatedProperties: { type: 'string', maxLength: 4 },
  },
  contentEncoding: {
    type: 'string',
    contentEncoding: 'base64',
    contentMediaType: 'application/octet-stream',
    maxLength: 24,
  },
  contentMediaType: {
    type: 'string',
    contentMediaType: 'application/json',
    contentSchema: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
  },
  'keywords of a type not named': { minLength: 2, minimum: 3, minItems: 1 },
};

export const FORMATS = [
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'idn-email',
  'hostname',
  'idn-hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'iri',
  'iri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
];

const location = {
  type: 'object',
  properties: {
    lat: { type: 'number', minimum: 49, maximum: 61 },
    lon: { type: 'number', minimum: -9, maximum: 2 },
    text: { type: 'string', minLength: 1, maxLength: 120 },
  },
  required: ['lat', 'lon'],
  additionalProperties: false,
};

export const REALISTIC: Readonly<Record<string, JsonSchema>> = {
  IncidentCreated: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://schemas.example.org/incident-created.json',
    title: 'IncidentCreated',
    type: 'object',
    properties: {
      incidentNo: { $ref: '#/$defs/incidentNo' },
      seq: { type: 'integer', minimum: 1 },
      openingCode: { type: 'string', pattern: '^[A-Z]{2}\\d{2}$' },
      grade: { enum: ['I', 'S', 'E', 'R'] },
      location,
      createdAt: { type: 'string', format: 'date-time' },
      callers: {
        type: 'array',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 80 },
            phone: { type: 'string', pattern: '^\\+?[0-9 ]{6,15}$' },
          },
          required: ['name'],
          additionalProperties: false,
        },
        maxItems: 5,
      },
      remark: { type: 'string', maxLength: 2000 },
      tags: { type: 'array', items: { type: 'string', pattern: '^[a-z]{2,12}$' }, uniqueItems: true, maxItems: 6 },
    },
    required: ['incidentNo', 'seq', 'openingCode', 'grade', 'location', 'createdAt'],
    additionalProperties: false,
    $defs: { incidentNo: { type: 'string', pattern: INCIDENT_NO } },
  },
  DetentionAuthorised: {
    type: 'object',
    properties: {
      taskId: { type: 'string', format: 'uuid' },
      custodyNo: { type: 'string', pattern: '^[A-Z]{2}/\\d{6}/\\d{2}$' },
      asn: { type: 'string', pattern: ASN },
      authorisedAt: { type: 'string', format: 'date-time', pattern: '(?:Z|[+-]\\d{2}:\\d{2})$' },
      grounds: {
        type: 'array',
        items: { enum: ['secure-evidence', 'obtain-evidence', 'own-protection'] },
        minItems: 1,
        uniqueItems: true,
      },
      reviewDueAt: { type: ['string', 'null'], format: 'date-time' },
    },
    required: ['taskId', 'custodyNo', 'asn', 'authorisedAt', 'grounds'],
    additionalProperties: false,
  },
  BundleOffered: {
    type: 'object',
    properties: {
      ptiurn: { type: 'string', pattern: '^\\d{2}[A-Z0-9]{2}\\d{7}$' },
      manifest: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', minLength: 1, maxLength: 100, pattern: '^[^/\\\\\\u0000-\\u001f]+$' },
            bytes: { type: 'integer', minimum: 0, maximum: 536870912 },
            sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
            mediaType: { type: 'string', pattern: '^[a-z]+/[a-z0-9.+-]+$', maxLength: 60 },
          },
          required: ['name', 'bytes', 'sha256', 'mediaType'],
          additionalProperties: false,
        },
      },
      expiresAt: { type: 'string', format: 'date-time' },
    },
    required: ['ptiurn', 'manifest', 'expiresAt'],
    additionalProperties: false,
  },
  PositionReported: {
    type: 'object',
    properties: {
      callsign: { type: 'string', pattern: '^[A-Z]{2}\\d{2,3}[A-Z]?$' },
      lat: { type: 'number', minimum: -90, maximum: 90 },
      lon: { type: 'number', minimum: -180, exclusiveMaximum: 180 },
      accuracyM: { type: 'number', exclusiveMinimum: 0, maximum: 10000 },
      heading: { type: 'integer', minimum: 0, maximum: 359 },
      fixTime: { type: 'string', format: 'date-time' },
    },
    required: ['callsign', 'lat', 'lon', 'fixTime'],
    additionalProperties: false,
    dependentRequired: { heading: ['accuracyM'] },
  },
  CheckReply: {
    type: 'object',
    required: ['outcome', 'requestId'],
    properties: { requestId: { type: 'string', format: 'uuid' }, outcome: { type: 'string' } },
    oneOf: [
      {
        properties: {
          outcome: { const: 'match' },
          records: { type: 'array', minItems: 1, maxItems: 3, items: { $ref: '#/$defs/record' } },
        },
        required: ['records'],
      },
      { properties: { outcome: { const: 'no-match' } } },
      {
        properties: { outcome: { const: 'refused' }, code: { enum: ['invalid', 'rejected', 'unavailable'] } },
        required: ['code'],
      },
    ],
    unevaluatedProperties: false,
    $defs: {
      record: {
        type: 'object',
        properties: {
          vrm: { type: 'string', pattern: '^[A-Z]{2}\\d{2}[A-Z]{3}$' },
          keeper: { $ref: '#/$defs/person' },
          insuredUntil: { type: 'string', format: 'date' },
        },
        required: ['vrm'],
        additionalProperties: false,
      },
      person: {
        type: 'object',
        properties: { name: { type: 'string', minLength: 1, maxLength: 60 }, born: { type: 'string', format: 'date' } },
        required: ['name'],
        additionalProperties: false,
      },
    },
  },
};
