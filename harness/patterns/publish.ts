import { errors, RequestError, TimeoutError, type Msg } from '@nats-io/transport-node';

import type { Port } from './pattern.ts';
import type { PublishOutcome } from './outcome.ts';
import { toHeaders } from './headers.ts';
import type { Patience } from './steps.ts';

export interface Publication {
  readonly subject: string;
  readonly body: Uint8Array;
  /** Headers for each try, `Nats-Msg-Id` included; `repeat` is 0 for the first. */
  readonly headers: (repeat: number) => Readonly<Record<string, string>>;
}

/** Publishes to a stream and waits for the acknowledgement; without one, repeats the same as often as patience has it. */
export async function publish(port: Port, publication: Publication, patience: Patience): Promise<PublishOutcome> {
  if (!port.connected()) return { kind: 'not-connected' };
  let outcome = await publishOnce(port, publication, 0, patience.waitMs);
  // What has left may be stored: its repeats wait for a connection as long as for an acknowledgement.
  for (let repeat = 1; outcome.kind === 'unacknowledged' && repeat <= patience.repeats; repeat++)
    outcome = await publishOnce(port, publication, repeat, patience.waitMs);
  return outcome;
}

async function publishOnce(
  port: Port,
  publication: Publication,
  repeat: number,
  timeout: number,
): Promise<PublishOutcome> {
  const { subject, body } = publication;
  try {
    const headers = toHeaders(publication.headers(repeat));
    return outcomeOf(await port.connection.request(subject, body, { timeout, headers }), repeat);
  } catch (error) {
    if (error instanceof TimeoutError) return { kind: 'unacknowledged' };
    if (error instanceof errors.NoRespondersError) return { kind: 'no-responder' };
    if (error instanceof RequestError && error.isNoResponders()) return { kind: 'no-responder' };
    // A connection that ends after the publish left may have stored it.
    if (!port.connected()) return { kind: 'unacknowledged' };
    return { kind: 'refused', code: 0, why: error instanceof Error ? error.name : 'unknown' };
  }
}

interface PublishAcknowledgement {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

function outcomeOf(message: Msg, repeat: number): PublishOutcome {
  const { seq, duplicate, error } = message.json<PublishAcknowledgement>();
  if (error !== undefined) return { kind: 'refused', code: error.err_code ?? 0, why: error.description ?? '' };
  if (seq === undefined) return { kind: 'refused', code: 0, why: 'no stream answered' };
  return { kind: 'stored', sequence: seq, duplicate: duplicate === true, repeat };
}
