import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Message } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { sample, valid } from '../schema/index.ts';

const ajv = new Ajv2020({ strict: false, validateFormats: true, allowUnionTypes: true });
addFormats.default(ajv);

const validators = new Map<string, ValidateFunction>();
const arbitraries = new Map<string, ReturnType<typeof valid>>();

/** Whether a payload meets its message's schema. Compiled once a schema. */
export function accepts(message: Message, payload: JsonValue): boolean {
  let validate = validators.get(message.schemaDigest);
  if (validate === undefined) validators.set(message.schemaDigest, (validate = ajv.compile(message.payload)));
  return validate(payload);
}

/** A valid payload of a message; the same seed gives the same one. */
export function samplePayload(message: Message, seed: number): JsonValue {
  let arbitrary = arbitraries.get(message.schemaDigest);
  if (arbitrary === undefined) arbitraries.set(message.schemaDigest, (arbitrary = valid({ schema: message.payload })));
  const [payload] = sample(arbitrary, seed, 1);
  return payload as JsonValue;
}
