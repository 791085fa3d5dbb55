/**
 * A CloudEvents 1.0 event in binary mode on NATS: the headers hold every attribute (`ce-id`, …), `traceparent` and
 * `tracestate`, names in lower case; the body holds the payload alone.
 */
export interface CloudEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Attributes that CloudEvents 1.0 requires, with those that every flow of the programme requires as well. */
export const requiredAttributes = [
  'ce-specversion',
  'ce-id',
  'ce-source',
  'ce-type',
  'ce-time',
  'ce-datacontenttype',
  'ce-dataschema',
  'ce-correlationid',
  'ce-classification',
] as const;

/** Whether a header is copied between HTTP and NATS; no other header crosses. */
export function crosses(name: string): boolean {
  return name.startsWith('ce-') || name === 'traceparent' || name === 'tracestate';
}

/** The `Nats-Msg-Id` of an event: source and id are unique together. */
export function messageIdOf(event: CloudEvent): string {
  return `${event.headers['ce-source'] ?? ''} ${event.headers['ce-id'] ?? ''}`;
}

export const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch of an RFC 3339 time with an offset; undefined for anything else. */
export function parseTime(text: string | undefined): number | undefined {
  if (text === undefined || !rfc3339.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
