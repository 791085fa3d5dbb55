/** Two validators that know nothing of each other: ajv and hyperjump, both asserting formats. */
import {
  registerSchema,
  setShouldValidateFormat,
  unregisterSchema,
  validate,
} from '@hyperjump/json-schema/draft-2020-12';
// oxlint-disable-next-line import/no-unassigned-import -- loading it is what adds the formats
import '@hyperjump/json-schema/formats';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema, JsonValue } from '../../../harness/generate/schema/index.ts';

/** An error, told in the same way for both. Pointers are JSON Pointers. */
export interface Complaint {
  readonly keyword: string;
  readonly instance: string;
  /** Only hyperjump tells it: below the schema resource that the keyword is in. */
  readonly schema?: string;
}
export type Validator = (value: JsonValue) => readonly Complaint[];
export interface Validators {
  readonly ajv: Validator;
  readonly hyperjump: Validator;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
let count = 0;

export async function validatorsOf(
  schema: JsonSchema,
  others: Readonly<Record<string, JsonSchema>> = {},
  wanted: readonly (keyof Validators)[] = ['ajv', 'hyperjump'],
): Promise<Validators> {
  const byAjv = wanted.includes('ajv') ? ajvOf(schema, others) : undefined;
  const byHyperjump = wanted.includes('hyperjump') ? await hyperjumpOf(schema, others) : undefined;
  return {
    ajv: (value) =>
      byAjv === undefined || byAjv(value)
        ? []
        : (byAjv.errors ?? []).map(({ keyword, instancePath }) => ({ keyword, instance: instancePath })),
    hyperjump: (value) => (byHyperjump === undefined ? [] : quietly(() => complaints(byHyperjump(value)))),
  };
}

function ajvOf(schema: JsonSchema, others: Readonly<Record<string, JsonSchema>>): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors: true });
  addFormats.default(ajv);
  for (const [uri, other] of Object.entries(others)) ajv.addSchema(other, uri);
  return ajv.compile(schema);
}

async function hyperjumpOf(
  schema: JsonSchema,
  others: Readonly<Record<string, JsonSchema>>,
): Promise<(value: JsonValue) => Output> {
  setShouldValidateFormat(true);
  const uri = `https://validators.test/${(count += 1)}`;
  const registered: string[] = [];
  const register = (one: JsonSchema, at: string): void => {
    registerSchema(structuredClone(one) as never, at, DIALECT);
    registered.push(at);
  };
  try {
    for (const [at, other] of Object.entries(others)) register(other, at);
    register(schema, uri);
    const validator = await validate(uri);
    return (value) => validator(value as never, 'BASIC');
  } finally {
    for (const one of registered) unregisterSchema(one);
  }
}

interface Output {
  readonly valid: boolean;
  readonly errors?: readonly {
    readonly keyword: string;
    readonly absoluteKeywordLocation: string;
    readonly instanceLocation: string;
  }[];
}

const fragment = (uri: string): string => decodeURIComponent(uri.slice(uri.indexOf('#') + 1));

function complaints(output: Output): Complaint[] {
  if (output.valid) return [];
  const errors = output.errors ?? [];
  if (errors.length === 0) return [{ keyword: '?', instance: '' }];
  return errors.map(({ keyword, absoluteKeywordLocation, instanceLocation }) => ({
    keyword: keyword.slice(keyword.lastIndexOf('/') + 1),
    instance: fragment(instanceLocation),
    schema: fragment(absoluteKeywordLocation),
  }));
}

/** hyperjump prints to the console why a host name is wrong. */
function quietly<T>(body: () => T): T {
  const { error, warn, log } = console;
  const silence = (): void => {};
  Object.assign(console, { error: silence, warn: silence, log: silence });
  try {
    return body();
  } finally {
    Object.assign(console, { error, warn, log });
  }
}
