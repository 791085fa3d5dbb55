import { Ajv2020, type Options } from 'ajv/dist/2020.js';
import formatsModule from 'ajv-formats';
import type { JsonSchema, JsonValue } from '../../model/json.ts';

/** Why a value does not meet a schema: the keyword and the JSON Pointer of the place, never the value. */
export interface SchemaFault {
  readonly keyword: string;
  readonly path: string;
  /** Name of the member that `required` misses, where the validator says it. */
  readonly missing?: string;
}

/** Undefined where the value meets the schema. */
export type Validator = (value: JsonValue) => SchemaFault | undefined;

/** Formats that both validators assert; no other may stand in a contract. */
export const formats = [
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
] as const;

/** JSON Schema 2020-12 with every format asserted; an unknown keyword or format does not compile. */
export function newAjv(options: Options = {}): Ajv2020 {
  const ajv = new Ajv2020({
    strict: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    validateFormats: true,
    ownProperties: true,
    logger: false,
    ...options,
  });
  formatsModule.default(ajv, { mode: 'full', formats: [...formats] });
  return ajv;
}

/** Compiles a bundled schema with ajv. Throws what ajv says of a schema that it cannot compile. */
export function ajvValidator(schema: JsonSchema): Validator {
  const validate = newAjv({ validateSchema: false }).compile(schema);
  return (value) => {
    if (validate(value)) return undefined;
    const error = validate.errors?.[0];
    const missing: unknown = error?.keyword === 'required' ? error.params['missingProperty'] : undefined;
    return {
      keyword: error?.keyword ?? 'unknown',
      path: error?.instancePath ?? '',
      ...(typeof missing === 'string' ? { missing } : {}),
    };
  };
}
