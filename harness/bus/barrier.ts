import { jetstreamManager } from '@nats-io/jetstream';
import { headers, RequestError, type NatsConnection } from '@nats-io/transport-node';

import { barrierSequence } from '../model/acknowledgement.ts';
import { busStreams } from '../model/names.ts';
import type { ConsumerSpec } from '../model/topology.ts';

/** Longest wait for one answer. */
const timeoutMs = 1_000;

/**
 * Resolves once every acknowledgement that the server has received so far was dealt with, and every advisory and metric that it
 * gave rise to lies in the advisories' stream. The server keeps each consumer's acknowledgements in one queue, all that a stream
 * sends out in a second one, and what a stream takes in in a third: a question is sent through each.
 */
export async function barrier(connection: NatsConnection, consumers: readonly ConsumerSpec[]): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await Promise.all([
    ...consumers
      .filter((consumer) => consumer.ackPolicy === 'explicit')
      .map(({ stream, name }) =>
        ask(connection, `$JS.ACK.${stream}.${name}.1.${String(barrierSequence)}.0.0.0`, '+WPI'),
      ),
    // Reports on answered requests go out through the queue that answers to the API go through.
    manager.getAccountInfo(),
  ]);
  await askStream(connection, busStreams.advisories, '$JS.EVENT.ADVISORY.CONSUMER.BARRIER');
}

/** Asks a stream to store what it must refuse: the refusal comes after everything that was to be stored before. */
async function askStream(connection: NatsConnection, stream: string, subject: string): Promise<void> {
  const refusal = headers();
  refusal.set('Nats-Expected-Stream', `not ${stream}`);
  await ask(connection, subject, '', refusal);
}

/** Where nobody listens there is nothing to wait for. */
async function ask(connection: NatsConnection, subject: string, body: string, heads = headers()): Promise<void> {
  try {
    await connection.request(subject, body, { timeout: timeoutMs, headers: heads });
  } catch (cause) {
    if (!(cause instanceof RequestError && cause.isNoResponders())) throw cause;
  }
}
