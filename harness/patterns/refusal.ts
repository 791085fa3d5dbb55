import { isJsonObject, type JsonObject, type JsonSchema, type JsonValue } from '../model/json.ts';
import type { CloudEvent } from '../model/event.ts';
import type { Flow, Message } from '../model/flow.ts';
import { messagesOf } from '../model/flow.ts';
import { payloadOf } from '../model/payload.ts';
import type { TermReason } from './held.ts';
import type { Port } from './pattern.ts';

export type RefusalReason = TermReason | 'unavailable';

/**
 * The typed message that says no to an event, as it travels on `flow`: attributes from the refused event, payload fields of the
 * same name copied, the reason in `code` or `reasonCodes`. Of the ways to fill it the first is taken that passes the check: what is
 * wrong with the refused event must not make its refusal invalid too. Undefined where the flow has no such message.
 */
export function refusalOf(
  port: Port,
  flow: Flow,
  name: string | undefined,
  refused: CloudEvent,
  reason: RefusalReason,
): CloudEvent | undefined {
  const message = messagesOf(flow).find((candidate) => candidate.name === name);
  if (message === undefined) return undefined;
  const payload = payloadOf(refused);
  const now = port.now();
  const expiry = { 'ce-expirytime': new Date(now + (flow.expiryMs ?? 0)).toISOString() };
  const headers = headersOf(port.application, message, refused, now);
  const drafts = [isJsonObject(payload) ? payload : {}, {}].flatMap((copied) => {
    const body = new TextEncoder().encode(JSON.stringify(payloadFor(message.payload, copied, reason)));
    return [headers, { ...headers, ...expiry }].map((filled): CloudEvent => ({ headers: filled, body }));
  });
  const draft = drafts.find((candidate) => port.check(flow, candidate) === undefined) ?? drafts[0];
  return draft === undefined ? undefined : port.steps.refusal(draft, refused);
}

const copiedHeaders = ['ce-correlationid', 'ce-classification', 'ce-partitionkey', 'traceparent', 'tracestate'];

function headersOf(
  application: string,
  message: Message,
  refused: CloudEvent,
  now: number,
): Readonly<Record<string, string>> {
  const id = refused.headers['ce-id'] ?? '';
  const copied = copiedHeaders.flatMap((name) => {
    const value = refused.headers[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    'ce-specversion': '1.0',
    'ce-id': `${id}-refused`,
    'ce-source': `urn:application:${application}`,
    'ce-type': message.name,
    'ce-time': new Date(now).toISOString(),
    'ce-datacontenttype': 'application/json',
    'ce-dataschema': message.dataschema,
    'ce-causationid': id,
    ...Object.fromEntries(copied),
  };
}

/** The fields of the refusal's schema: the reason where it goes, the others as the refused payload has them. */
function payloadFor(schema: JsonSchema, refused: JsonObject, reason: RefusalReason): JsonObject {
  const filled: Record<string, JsonValue> = {};
  for (const name of propertyNames(schema, schema)) {
    const copied = refused[name];
    if (name === 'code') filled[name] = reason;
    else if (name === 'reasonCodes') filled[name] = [reason];
    else if (name === 'retryable') filled[name] = reason === 'unavailable';
    else if (copied !== undefined) filled[name] = copied;
  }
  return filled;
}

/** The property names of an object schema, those of its `allOf` and of its references within the document included. */
function propertyNames(schema: JsonValue | undefined, root: JsonSchema): readonly string[] {
  if (!isJsonObject(schema)) return [];
  const { properties, allOf, $ref } = schema;
  const parts = Array.isArray(allOf) ? (allOf as readonly JsonValue[]) : [];
  return [
    ...(isJsonObject(properties) ? Object.keys(properties) : []),
    ...parts.flatMap((part) => propertyNames(part, root)),
    ...(typeof $ref === 'string' && $ref.startsWith('#/$defs/') ? propertyNames(definition(root, $ref), root) : []),
  ];
}

function definition(root: JsonSchema, reference: string): JsonValue | undefined {
  const definitions = isJsonObject(root) ? root['$defs'] : undefined;
  return isJsonObject(definitions) ? definitions[reference.slice('#/$defs/'.length)] : undefined;
}
