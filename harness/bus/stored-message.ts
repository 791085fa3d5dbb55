import { jetstreamManager, JetStreamApiError } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection } from '@nats-io/transport-node';

import type { StoredMessage } from './steps.ts';

/** Reads one message of a stream; undefined where it is no longer there. */
export async function readStored(
  connection: NatsConnection,
  stream: string,
  sequence: number,
): Promise<StoredMessage | undefined> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  try {
    const found = await manager.streams.getMessage(stream, { seq: sequence });
    return found === null ? undefined : { subject: found.subject, headers: headersOf(found.header), body: found.data };
  } catch (cause) {
    if (cause instanceof JetStreamApiError && cause.status === 404) return undefined;
    throw cause;
  }
}

/** Headers as a record; the values of a header that stands there several times are joined, so that no such pair looks whole. */
export function headersOf(headers: MsgHdrs | undefined): Record<string, string> {
  const record: Record<string, string> = {};
  for (const [name, values] of headers ?? []) record[name] = values.join(', ');
  return record;
}
