import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';

import type { ConsumerSpec } from '../model/topology.ts';
import { inboxOf } from './inbox.ts';

/** How long one pull stays open, and the pause before the next one where a message could have been had. */
const pullMs = 50;
const pauseMs = 20;
const nanosPerMs = 1_000_000;

/**
 * Lets the server notice attempts that are used up while nobody else pulls: it does so only while a pull is open. Resolves when
 * nothing is unacknowledged any more, or at the signal. It never takes a message: a pull that allows one byte fits none, and
 * the server puts a message that does not fit back as it was, with its count of deliveries.
 */
export async function drainExhausted(
  connection: NatsConnection,
  consumer: ConsumerSpec,
  signal: AbortSignal,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  while (!signal.aborted) {
    const info = await manager.consumers.info(consumer.stream, consumer.name);
    if (info.num_ack_pending === 0) return;
    // What a newcomer is given first is taken off the server's list for good, fitting or not.
    const safe = consumer.deliverPolicy === 'all' || info.num_pending === 0;
    const couldTake = safe ? await emptyPull(connection, consumer, signal) : true;
    if (couldTake) await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Opens a pull that no message fits into; resolves with whether one was there. */
async function emptyPull(
  connection: NatsConnection,
  { stream, name }: ConsumerSpec,
  signal: AbortSignal,
): Promise<boolean> {
  const inbox = inboxOf(connection);
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      if (error !== null) return reject(error);
      const status = message.headers?.code ?? 0;
      if (status === 0) {
        // Not to be: it is given back at once, and said.
        message.respond('-NAK');
        return reject(new Error(`a pull of one byte was given a message of ${stream} for ${name}`));
      }
      resolve(status === 409);
    },
  });
  const give = (): void => resolve(false);
  signal.addEventListener('abort', give, { once: true });
  try {
    connection.publish(
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`,
      JSON.stringify({ batch: 1, max_bytes: 1, expires: pullMs * nanosPerMs }),
      { reply: inbox },
    );
    return await promise;
  } finally {
    signal.removeEventListener('abort', give);
    subscription.unsubscribe();
  }
}
