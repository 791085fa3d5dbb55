import { isJsonObject, type JsonValue } from './json.ts';

export const advisoryKinds = ['terminated', 'max-deliver', 'nak', 'acknowledged', 'latency', 'other'] as const;

/** An advisory or metric that the server publishes by itself. */
export interface Advisory {
  readonly kind: (typeof advisoryKinds)[number];
  /** When the server says it happened, RFC 3339. */
  readonly when: string;
  readonly stream: string;
  readonly consumer: string;
  /** In the stream; 0 for none. */
  readonly sequence: number;
  readonly deliveries: number;
  /** Of a termination. */
  readonly reason: string;
  /** Of an answered request, as HTTP; 0 for none. */
  readonly status: number;
  /** `traceparent` of an answered request. */
  readonly trace: string;
  /** Who answered a request, as its client names itself. */
  readonly responder: string;
}

const kindOfType: Readonly<Record<string, Advisory['kind']>> = {
  'io.nats.jetstream.advisory.v1.terminated': 'terminated',
  'io.nats.jetstream.advisory.v1.max_deliver': 'max-deliver',
  'io.nats.jetstream.advisory.v1.nak': 'nak',
  'io.nats.jetstream.metric.v1.consumer_ack': 'acknowledged',
  'io.nats.server.metric.v1.service_latency': 'latency',
};

/** Subjects on which the server reports what became of deliveries; each ends in `<stream>.<consumer>`. */
export const advisorySubjects = [
  '$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>',
  '$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>',
  '$JS.EVENT.ADVISORY.CONSUMER.MSG_NAKED.>',
  '$JS.EVENT.METRIC.CONSUMER.ACK.>',
] as const;

/** Anything that is no advisory is of kind `other`. */
export function parseAdvisory(body: string): Advisory {
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    value = null;
  }
  const members = isJsonObject(value) ? value : {};
  const text = (name: string): string => (typeof members[name] === 'string' ? members[name] : '');
  const count = (name: string): number => (typeof members[name] === 'number' ? members[name] : 0);
  const responder = isJsonObject(members['responder']) ? members['responder']['name'] : undefined;
  return {
    kind: kindOfType[text('type')] ?? 'other',
    when: text('timestamp'),
    stream: text('stream'),
    consumer: text('consumer'),
    sequence: count('stream_seq'),
    deliveries: count('deliveries'),
    reason: text('reason'),
    status: count('status'),
    trace: traceOf(members['header']),
    responder: typeof responder === 'string' ? responder : '',
  };
}

/** Headers of a request stand there as lists of values, their names as Go writes them. */
function traceOf(headers: JsonValue | undefined): string {
  if (!isJsonObject(headers)) return '';
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'traceparent')?.[1];
  const first: JsonValue | undefined = Array.isArray(found) ? (found as readonly JsonValue[])[0] : found;
  return typeof first === 'string' ? first : '';
}
