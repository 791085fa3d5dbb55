import type { Message } from '../../model/flow.ts';
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';
import { canonicalJson } from '../digest.ts';
import { ajvValidator, type Validator } from './ajv.ts';

/** Headers that are copied and never checked. */
const unchecked = ['traceparent', 'tracestate'];

/** Compiled once in a process for each schema, whatever message, service or trial it is of. */
const compiled = new WeakMap<Message, { readonly payload: Validator; readonly headers: Validator }>();
const bySchema = new Map<string, Validator>();

/** The validators of a message's payload and headers; the headers' says nothing of `traceparent` and `tracestate`. */
export function validatorsOf(message: Message): { readonly payload: Validator; readonly headers: Validator } {
  const known = compiled.get(message);
  if (known !== undefined) return known;
  const validators = {
    payload: shared(message.payload),
    headers: shared(withoutUnchecked(message.headers) as JsonSchema),
  };
  compiled.set(message, validators);
  return validators;
}

function shared(schema: JsonSchema): Validator {
  const key = canonicalJson(schema);
  const known = bySchema.get(key) ?? ajvValidator(schema);
  bySchema.set(key, known);
  return known;
}

/** The header schema without what it says of the headers that are never checked. */
function withoutUnchecked(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutUnchecked);
  if (!isJsonObject(value)) return value;
  const copy: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === 'required' && Array.isArray(member))
      copy[name] = member.filter((item) => !unchecked.includes(String(item)));
    else if (name === 'properties' && isJsonObject(member)) copy[name] = withoutUnchecked(leaveOut(member));
    else copy[name] = withoutUnchecked(member);
  }
  return copy;
}

function leaveOut(properties: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !unchecked.includes(name)));
}
