import { crosses, type CloudEvent } from '../../model/event.ts';
import { validateHeaderName, validateHeaderValue } from './node-http.ts';

/**
 * CloudEvents in binary mode over HTTP, as the application port has it. `Content-Type` is `ce-datacontenttype`, and that alone: a header
 * `ce-datacontenttype` is none of the event's. Every other attribute, `traceparent` and `tracestate` are headers of the same name.
 * Values are copied byte for byte, without the percent-encoding of the CloudEvents binding. Headers that are not to cross are passed on
 * as well as they can be, so that each side decides for itself what it leaves behind; those of HTTP's own are not.
 *
 * What both HTTP and NATS can carry is UTF-8 without control characters (a tab within is allowed) and without white space at its ends,
 * which both cut off. A value beyond that is never bent: the event is refused as invalid.
 */

const contentType = 'content-type';
const dataContentType = 'ce-datacontenttype';
/** Headers that say something of a connection or of its message, and nothing of an event. */
const ownOfHttp: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'expect',
  'host',
  'keep-alive',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Headers of an event as HTTP carries them: a character for each byte. Undefined where HTTP cannot carry one that crosses. */
export function httpHeadersOf(event: CloudEvent): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.headers)) {
    if (!crosses(name) && (isOwnOfHttp(name) || !carriable(name, value))) continue;
    if (!carriable(name, value)) return undefined;
    headers[name === dataContentType ? contentType : name] = Buffer.from(value).toString('latin1');
  }
  return headers;
}

export interface ReadEvent {
  readonly event: CloudEvent;
  /** Name of an attribute that is repeated, or that NATS could not carry as it is. It is in the event as well as can be read. */
  readonly unreadable: string | undefined;
}

/** The event in an HTTP message. `rawHeaders`: names and values in turn, a character for each byte, as Node gives them. */
export function readEvent(rawHeaders: readonly string[], body: Uint8Array): ReadEvent {
  const headers: Record<string, string> = {};
  let unreadable: string | undefined;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = attributeOf((rawHeaders[at] ?? '').toLowerCase());
    if (name === undefined) continue;
    const value = textOf(rawHeaders[at + 1] ?? '');
    const before = headers[name];
    // W3C trace context: lines of tracestate are one list.
    if (crosses(name) && ((before !== undefined && name !== 'tracestate') || !carriable(name, value)))
      unreadable ??= name;
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return { event: { headers, body }, unreadable };
}

/** Whether the message is an event in structured or batch mode. */
export function isStructured(type: string | undefined): boolean {
  return /^application\/cloudevents\b/i.test(type ?? '');
}

function attributeOf(header: string): string | undefined {
  if (header === contentType) return dataContentType;
  return header === dataContentType || isOwnOfHttp(header) ? undefined : header;
}

const isOwnOfHttp = (name: string): boolean => name.toLowerCase() === contentType || ownOfHttp.has(name.toLowerCase());

function textOf(bytes: string): string {
  const value = Buffer.from(bytes, 'latin1');
  try {
    return utf8.decode(value);
  } catch {
    return value.toString();
  }
}

function carriable(name: string, value: string): boolean {
  if (value.trim() !== value || !value.isWellFormed() || value.includes('\uFFFD')) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, Buffer.from(value).toString('latin1'));
    return true;
  } catch {
    return false;
  }
}
