// oxlint-disable-next-line import/no-unassigned-import -- loading it is what adds the formats
import '@hyperjump/json-schema/formats';
import {
  registerSchema,
  setShouldValidateFormat,
  unregisterSchema,
  validate,
  type SchemaObject,
} from '@hyperjump/json-schema/draft-2020-12';
import type { JsonSchema } from '../../model/json.ts';
import { dialect } from '../schema/keywords.ts';
import { jsonDigest } from '../digest.ts';
import type { Validator } from './ajv.ts';

const validators = new Map<string, Promise<Validator>>();

/** Compiles a bundled schema with hyperjump, the second validator, formats asserted; once in a process for each schema. */
export function hyperjumpValidator(schema: JsonSchema): Promise<Validator> {
  const digest = jsonDigest(schema);
  const known = validators.get(digest) ?? compile(schema, `urn:busworthy:schema:${digest}`);
  validators.set(digest, known);
  return known;
}

async function compile(schema: JsonSchema, uri: string): Promise<Validator> {
  setShouldValidateFormat(true);
  registerSchema(schema as SchemaObject | boolean, uri, dialect);
  try {
    const validator = await validate(uri);
    return (value) => {
      const output = validator(value as Parameters<typeof validator>[0], 'BASIC');
      if (output.valid) return undefined;
      const unit = output.errors?.[0];
      return {
        keyword: unit?.keyword.split('/').at(-1) ?? 'unknown',
        path: unit?.instanceLocation.replace(/^#/, '') ?? '',
      };
    };
  } finally {
    unregisterSchema(uri);
  }
}
