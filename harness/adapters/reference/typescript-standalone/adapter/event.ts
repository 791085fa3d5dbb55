import { createHash } from 'node:crypto';

import { headers as natsHeaders, type MsgHdrs } from '@nats-io/transport-node';

import { validateHeaderName, validateHeaderValue } from './node-http.ts';
import { parseTime } from './time.ts';

const contentType = 'content-type';
const dataContentType = 'ce-datacontenttype';
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export type Headers = Readonly<Record<string, string>>;

/** A CloudEvents 1.0 event in binary mode: attributes and trace context by their names on NATS, in lower case; the body as bytes. */
export class Event {
  readonly headers: Headers;
  readonly body: Uint8Array;

  constructor(headers: Headers, body: Uint8Array) {
    this.headers = headers;
    this.body = body;
  }

  /** Value of a header; '' where it is absent. */
  get(name: string): string {
    return this.headers[name] ?? '';
  }

  /** `Nats-Msg-Id` (S3): source and id are unique together. */
  get messageId(): string {
    return `${this.get('ce-source')} ${this.get('ce-id')}`;
  }

  /** Of what makes two events of one id the same: type and body (R3). */
  get digest(): string {
    return createHash('sha256')
      .update(`${this.get('ce-type')}\0`)
      .update(this.body)
      .digest('base64');
  }

  expired(now: number): boolean {
    const expiry = parseTime(this.headers['ce-expirytime']);
    return expiry !== undefined && expiry <= now;
  }
}

/** E2: whether a header is copied between HTTP and NATS; no other is. */
const crosses = (name: string): boolean => name.startsWith('ce-') || name === 'traceparent' || name === 'tracestate';

export function fromNats(headers: MsgHdrs | undefined, body: Uint8Array): Event {
  const names = (headers?.keys() ?? []).filter(crosses);
  return new Event(Object.fromEntries(names.map((name) => [name, headers?.get(name) ?? ''])), body);
}

export function toNats(headers: Headers): MsgHdrs {
  const made = natsHeaders();
  for (const [name, value] of Object.entries(headers)) made.append(name, value);
  return made;
}

/** The event as HTTP carries it: a character for each byte (E1). Undefined where HTTP cannot carry a header as it is. */
export function toHttp({ headers }: Event): Record<string, string> | undefined {
  const entries = Object.entries(headers);
  if (!entries.every(([name, value]) => carriable(name, value))) return undefined;
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name === dataContentType ? contentType : name,
      Buffer.from(value).toString('latin1'),
    ]),
  );
}

/**
 * The event in an HTTP message; undefined where NATS could not carry it as it is: a repeated attribute, or bytes that are no text.
 * @param raw names and values in turn, a character for each byte, as Node gives them
 */
export function fromHttp(raw: readonly string[], body: Uint8Array): Event | undefined {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const given = (raw[at] ?? '').toLowerCase();
    const name = given === contentType ? dataContentType : given;
    if (given === dataContentType || !crosses(name)) continue;
    const value = decode(raw[at + 1] ?? '');
    if (value === undefined || !carriable(name, value)) return undefined;
    const before = headers[name];
    if (before !== undefined && name !== 'tracestate') return undefined; // the lines of a tracestate are one list
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return new Event(headers, body);
}

/** E4: structured or batch mode. */
export const isStructured = (type: string | undefined): boolean => /^application\/cloudevents\b/i.test(type ?? '');

function decode(bytes: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return undefined;
  }
}

/** What both HTTP and NATS carry as it is: no control characters, no white space at the ends. */
function carriable(name: string, value: string): boolean {
  if (value.trim() !== value || value.includes('\uFFFD')) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, Buffer.from(value).toString('latin1'));
    return true;
  } catch {
    return false;
  }
}
