import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Message } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import {
  invalid,
  minimal,
  places,
  sample,
  valid,
  validAt,
  violationAt,
  type Place,
  type SchemaSource,
} from '../schema/index.ts';

/** What is worked out once for a schema, whichever message, flow or trial it is of. */
interface Prepared {
  readonly source: SchemaSource;
  readonly validate: ValidateFunction;
}

const ajv = new Ajv2020({ strict: false, validateFormats: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
const prepared = new Map<string, Prepared>();

function preparedOf(message: Message): Prepared {
  const known = prepared.get(message.schemaDigest);
  if (known !== undefined) return known;
  const made = { source: { schema: message.payload }, validate: ajv.compile(message.payload) };
  prepared.set(message.schemaDigest, made);
  return made;
}

/** Whether a payload meets its message's schema. */
export function accepts(message: Message, payload: JsonValue): boolean {
  return preparedOf(message).validate(payload);
}

/** Everything that a payload's schema says against it, as `<keyword> <path>`. */
export function faultsOf(message: Message, payload: JsonValue): readonly string[] {
  const { validate } = preparedOf(message);
  return validate(payload) ? [] : (validate.errors ?? []).map((error) => faultOf(error));
}

const faultOf = ({ keyword, instancePath }: ErrorObject): string => `${keyword} ${instancePath}`;

/** A valid payload of a message; the same seed gives the same one. */
export function samplePayload(message: Message, seed: number): JsonValue {
  const [payload] = sample(valid(preparedOf(message).source), seed, 1);
  return payload as JsonValue;
}

/** A smallest valid payload of a message. */
export const smallestPayload = (message: Message): JsonValue => minimal(preparedOf(message).source);

/** A payload that breaks one keyword of the message's schema at one place; the same seed gives the same one. */
export function brokenPayload(message: Message, place: Place, seed: number): JsonValue {
  const [payload] = sample(invalid(preparedOf(message).source, place), seed, 1);
  return payload as JsonValue;
}

/** Every keyword at every place of a message's schema that may be breakable. */
export const placesOfSchema = (message: Message): readonly Place[] => places(preparedOf(message).source);

/** Whether anything was found that breaks the keyword at the place. */
export const isBreakable = (message: Message, place: Place): boolean =>
  violationAt(preparedOf(message).source, place) !== undefined;

/** A valid payload in which there is something at the place; undefined where none was found. */
export function samplePayloadWith(message: Message, place: Place, seed: number): JsonValue | undefined {
  const payloads = validAt(preparedOf(message).source, place);
  return payloads === undefined ? undefined : sample(payloads, seed, 1)[0];
}
