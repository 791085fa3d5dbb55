import { NotStored } from './bus.ts';
import { faultOf } from './check.ts';
import type { Flow, Message } from './contract.ts';
import { Event, type Headers } from './event.ts';
import { isObject, parseJson, type Json, type JsonObject } from './json.ts';
import { log } from './log.ts';
import { prepare, publish, type Context } from './send.ts';
import { formatTime, now } from './time.ts';

const copied = ['ce-correlationid', 'ce-classification', 'ce-partitionkey', 'traceparent', 'tracestate'];

/**
 * The typed message that says no to an event (Q6), as it travels on `flow`; undefined where the flow has no such message. Of the ways
 * to fill it the first is taken that passes the check: what is wrong with the refused event must not make its refusal invalid too.
 */
export function refusalOf(
  application: string,
  flow: Flow,
  name: string | undefined,
  refused: Event,
  reason: string,
): Event | undefined {
  const message = flow.message(name ?? '');
  if (message === undefined) return undefined;
  const time = now();
  const headers = headersOf(application, message, refused, time);
  const expiring = { ...headers, 'ce-expirytime': formatTime(time + (flow.x.expiryMs ?? 0)) };
  const drafts = [fieldsOf(refused), {}].flatMap((fields) => {
    const body = Buffer.from(JSON.stringify(payloadOf(message, fields, reason)));
    return [headers, expiring].map((filled) => new Event(filled, body));
  });
  return drafts.find((draft) => faultOf(flow, draft) === undefined) ?? drafts[0];
}

/** Tells the sender of an event, on the flow's channel for receipts, that it is refused. False where the event is to be tried again. */
export async function refuse(context: Context, flow: Flow, event: Event, reason: string): Promise<boolean> {
  const { bus, contract } = context;
  const receipts = contract.flow(flow.x.receipts);
  if (receipts === undefined) return true;
  const refusal = refusalOf(bus.application, receipts, flow.x.refusal, event, reason);
  if (refusal === undefined) return true;
  const subject = prepare(receipts, refusal);
  if (typeof subject !== 'string') {
    log(`${flow.channel}: no valid ${flow.x.refusal} can be made`);
    return true;
  }
  try {
    await publish(bus, receipts, subject, refusal);
    return true;
  } catch (error) {
    if (error instanceof NotStored) return false;
    throw error;
  }
}

function headersOf(application: string, message: Message, refused: Event, time: number): Headers {
  const taken = copied.flatMap((name) => (refused.headers[name] === undefined ? [] : [[name, refused.get(name)]]));
  return {
    'ce-specversion': '1.0',
    'ce-id': `${refused.get('ce-id')}-refused`,
    'ce-source': `urn:application:${application}`,
    'ce-type': message.name,
    'ce-time': formatTime(time),
    'ce-datacontenttype': 'application/json',
    'ce-dataschema': message.dataschema,
    'ce-causationid': refused.get('ce-id'),
    ...(Object.fromEntries(taken) as Headers),
  };
}

function fieldsOf(refused: Event): JsonObject {
  try {
    const payload = parseJson(refused.body);
    return isObject(payload) ? payload : {};
  } catch {
    return {};
  }
}

function payloadOf(message: Message, fields: JsonObject, reason: string): JsonObject {
  const own: JsonObject = { code: reason, reasonCodes: [reason], retryable: reason === 'unavailable' };
  const filled = message.fields.flatMap((name): [string, Json][] => {
    const value = Object.hasOwn(own, name) ? own[name] : Object.hasOwn(fields, name) ? fields[name] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(filled);
}
