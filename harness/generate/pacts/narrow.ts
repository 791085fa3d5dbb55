import type { Message, Service } from '../../model/flow.ts';
import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';
import type { PactState } from '../../model/pact.ts';

export interface Narrowed {
  /** The message with all that the states say of its payload; the same object where they say nothing. */
  readonly message: Message;
  /** Schemas of headers that the states speak of. */
  readonly headers: Readonly<Record<string, readonly JsonSchema[]>>;
}

const known = new WeakMap<Message, Map<string, Narrowed>>();

/** A message as the contract has it in some provider states: the stimuli of a provider are drawn from this, and from no pact. */
export function narrowed(service: Service, message: Message, states: readonly PactState[]): Narrowed {
  const key = JSON.stringify(states);
  const before = known.get(message)?.get(key);
  if (before !== undefined) return before;
  const payloads: JsonValue[] = [];
  const headers: Record<string, JsonSchema[]> = {};
  for (const { name, params } of states) {
    const said = service.states?.find((state) => state.name === name)?.messages[message.name];
    if (said?.payload !== undefined) payloads.push(withParams(said.payload, params));
    for (const [header, schema] of Object.entries(said?.headers ?? {})) {
      headers[header] = [...(headers[header] ?? []), withParams(schema, params) as JsonSchema];
    }
  }
  const made = { message: payloads.length === 0 ? message : withPayload(message, payloads, key), headers };
  const ofMessage = known.get(message) ?? new Map<string, Narrowed>();
  known.set(message, ofMessage.set(key, made));
  return made;
}

function withPayload(message: Message, payloads: readonly JsonValue[], key: string): Message {
  const { payload } = message;
  const root: JsonObject = isJsonObject(payload) ? payload : payload ? {} : { not: {} };
  const { allOf } = root;
  const all = Array.isArray(allOf) ? (allOf as readonly JsonValue[]) : [];
  // Another schema has another digest: what is worked out for one schema is kept by it.
  return {
    ...message,
    payload: { ...root, allOf: [...all, ...payloads] },
    schemaDigest: `${message.schemaDigest} ${key}`,
  };
}

/** `{ $param: NAME }` as the parameter of the state. */
function withParams(value: JsonValue, params: PactState['params']): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => withParams(item, params));
  if (!isJsonObject(value)) return value;
  const { $param } = value;
  if (typeof $param === 'string' && Object.keys(value).length === 1) return params[$param] ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withParams(member, params)]));
}
