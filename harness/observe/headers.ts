import type { Msg } from '@nats-io/transport-node';

import type { CloudEvent } from '../model/event.ts';

/** A message's headers as they stand there; the values of a header that stands there twice are joined, so that it matches none. */
export function headersOf(message: Pick<Msg, 'headers'>): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [name, values] of message.headers ?? []) record[name] = values.join(', ');
  return record;
}

export function eventOf(message: Pick<Msg, 'headers' | 'data'>): CloudEvent {
  return { headers: headersOf(message), body: message.data };
}

/** Subject and headers as one text, for a search: everything of a message but its body. */
export function outsideOf(subject: string, headers: Readonly<Record<string, string>>): string {
  return [subject, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\n');
}
