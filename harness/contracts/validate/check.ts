import type { Check, CheckFailure } from '../../model/check.ts';
import { anonymousPlace } from '../../model/declared.ts';
import { parseTime, requiredAttributes, type CloudEvent } from '../../model/event.ts';
import { classifications, messagesOf, type Flow, type Message, type Service } from '../../model/flow.ts';
import type { JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import { validatorsOf } from './message.ts';

type Headers = Readonly<Record<string, string>>;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The check of application-port.md for a service's flows, with ajv. A flow that is not the service's own, by identity or by id,
 * is a mistake of the caller. Schemas are compiled at their first use, once in a process.
 */
export function createCheck(service: Service): Check {
  const messages = new Map(
    service.flows.map((flow) => [flow.id, new Map(messagesOf(flow).map((message) => [message.name, message]))]),
  );
  return (flow, event) => {
    if (event.body.length > flow.maxBytes)
      return { reason: 'too-large', detail: `body: more than ${String(flow.maxBytes)} bytes` };
    const ofFlow = messages.get(flow.id);
    if (ofFlow === undefined) throw new TypeError(`flow ${flow.id} is not of service ${service.name}`);
    const missing = requiredAttributes.find((name) => event.headers[name] === undefined);
    if (missing !== undefined) return invalid(`header ${missing}: absent`);
    const message = ofFlow.get(event.headers['ce-type'] ?? '');
    if (message === undefined) return invalid(`header ce-type: no message of ${flow.id}`);
    return checkHeaders(flow, message, event.headers) ?? checkBody(message, event);
  };
}

function invalid(detail: string): CheckFailure {
  return { reason: 'invalid', detail };
}

function checkHeaders(flow: Flow, message: Message, headers: Headers): CheckFailure | undefined {
  if (headers['ce-datacontenttype'] !== 'application/json')
    return invalid('header ce-datacontenttype: not application/json');
  if (headers['ce-dataschema'] !== message.dataschema)
    return invalid(`header ce-dataschema: not that of ${message.name}`);
  const ceiling = classifications.indexOf(flow.classification);
  const level = (classifications as readonly string[]).indexOf(headers['ce-classification'] ?? '');
  if (level < 0) return invalid('header ce-classification: not on the closed list');
  if (level > ceiling) return invalid(`header ce-classification: over the ceiling ${flow.classification}`);
  for (const name of ['ce-time', 'ce-expirytime']) {
    if (headers[name] !== undefined && parseTime(headers[name]) === undefined)
      return invalid(`header ${name}: no RFC 3339 time with an offset`);
  }
  const fault = validatorsOf(message).headers(headers);
  return fault === undefined
    ? undefined
    : invalid(`header ${fault.missing ?? fault.path.slice(1)}: ${fault.keyword} of the header schema`);
}

function checkBody(message: Message, event: CloudEvent): CheckFailure | undefined {
  const payload = parseBody(event.body);
  if (payload === undefined) return invalid('body: not JSON in UTF-8');
  const fault = validatorsOf(message).payload(payload);
  if (fault !== undefined)
    return invalid(`payload schema: ${fault.keyword} at ${anonymousPlace(message.payload, fault.path) || '/'}`);
  const broken = message.rules.findIndex((rule) => !ruleHolds(rule, payload, event.headers));
  const rule = message.rules[broken];
  return rule === undefined ? undefined : invalid(`rule ${String(broken)}: ${rule.rule} at ${rule.field}`);
}

/** The payload of a body; undefined where it is not JSON in UTF-8. */
export function parseBody(body: Uint8Array): JsonValue | undefined {
  try {
    return JSON.parse(decoder.decode(body)) as JsonValue;
  } catch {
    return undefined;
  }
}
