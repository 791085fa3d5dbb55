import { headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';

import type { CloudEvent } from '../model/event.ts';

/** Headers for NATS, names as given: CloudEvents on NATS has them in lower case. */
export function toHeaders(record: Readonly<Record<string, string>>): MsgHdrs {
  const made = headers();
  for (const [name, value] of Object.entries(record)) made.append(name, value);
  return made;
}

/** The event in a message from the bus, with all of its headers; of a repeated header the first. */
export function eventOf(message: Pick<Msg, 'data'> & { readonly headers?: MsgHdrs | undefined }): CloudEvent {
  const record: Record<string, string> = {};
  for (const name of message.headers?.keys() ?? []) record[name] = message.headers?.get(name) ?? '';
  return { headers: record, body: message.data };
}
