/** Two validators that know nothing of each other: ajv and hyperjump, both asserting formats. */
import {
  registerSchema,
  setShouldValidateFormat,
  unregisterSchema,
  validate,
} from '@hyperjump/json-schema/draft-2020-12';
import '@hyperjump/json-schema/formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema, JsonValue } from '../../../harness/generate/schema/index.ts';

export interface Validators {
  readonly ajv: (value: JsonValue) => boolean;
  readonly hyperjump: (value: JsonValue) => boolean;
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';
let count = 0;

export async function validatorsOf(schema: JsonSchema): Promise<Validators> {
  const ajv = new Ajv2020({ strict: false, logger: false });
  addFormats.default(ajv);
  const byAjv = ajv.compile(schema);
  setShouldValidateFormat(true);
  const uri = `https://validators.test/${(count += 1)}`;
  // hyperjump keeps `$id` for good: a schema that is compiled twice must not bring its own.
  registerSchema(structuredClone(schema) as never, uri, DIALECT);
  const byHyperjump = await validate(uri);
  unregisterSchema(uri);
  return { ajv: (value) => byAjv(value), hyperjump: (value) => quietly(() => byHyperjump(value as never).valid) };
}

/** hyperjump prints to the console why a host name is wrong. */
function quietly<T>(body: () => T): T {
  const { error, warn, log } = console;
  Object.assign(console, { error: () => {}, warn: () => {}, log: () => {} });
  try {
    return body();
  } finally {
    Object.assign(console, { error, warn, log });
  }
}
