import { classifications, type Flow, type Message } from './contract.ts';
import type { Event } from './event.ts';
import { parseJson, type Json } from './json.ts';
import { holds } from './rules.ts';
import { parseTime } from './time.ts';

/** Why an event may not travel, without content. */
export interface Fault {
  readonly reason: 'too-large' | 'invalid';
  readonly detail: string;
}

/** The check of every event, on both sides (E5); undefined where it may travel. */
export function faultOf(flow: Flow, event: Event): Fault | undefined {
  if (event.body.length > flow.x.maxBytes) return { reason: 'too-large', detail: 'body over x-flow.maxBytes' };
  const message = flow.message(event.get('ce-type'));
  const detail =
    message === undefined
      ? 'no message of the channel has this ce-type'
      : (headerFault(flow, message, event) ?? payloadFault(message, event));
  return detail === undefined ? undefined : { reason: 'invalid', detail };
}

function headerFault(flow: Flow, message: Message, event: Event): string | undefined {
  const keyword = message.headerFault(event.headers);
  if (keyword !== undefined) return `header schema: ${keyword}`;
  if (event.get('ce-datacontenttype') !== 'application/json') return 'ce-datacontenttype is not application/json';
  const level = classifications.indexOf(event.get('ce-classification'));
  if (level < 0 || level > classifications.indexOf(flow.x.classification)) {
    return 'ce-classification is over the ceiling, or no classification';
  }
  const late = ['ce-time', 'ce-expirytime'].find(
    (name) => event.headers[name] !== undefined && parseTime(event.headers[name]) === undefined,
  );
  return late === undefined ? undefined : `${late} is no time`;
}

function payloadFault(message: Message, event: Event): string | undefined {
  let payload: Json;
  try {
    payload = parseJson(event.body);
  } catch {
    return 'the body is not JSON in UTF-8';
  }
  const keyword = message.payloadFault(payload);
  if (keyword !== undefined) return `payload schema: ${keyword}`;
  const broken = message.rules.find((rule) => !holds(rule, payload, event.headers));
  return broken === undefined ? undefined : `x-rule ${broken.rule}`;
}
