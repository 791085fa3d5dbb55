import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import type { Msg, NatsConnection } from '@nats-io/transport-node';

import { parseAckSubject } from '../model/acknowledgement.ts';
import { inboxOf } from './inbox.ts';

/** A reading that is given nothing for this long has lost its server. */
const silenceMs = 5_000;
const nanosPerMs = 1_000_000;

/** Reads what a stream holds now, in order, from the first message after a sequence (default 0) to the last; `filter` leaves the other subjects out. */
export async function readStream(
  connection: NatsConnection,
  options: { readonly stream: string; readonly after?: number; readonly filter?: string },
  onMessage: (message: Msg, sequence: number) => void,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const inbox = inboxOf(connection);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error(`reading ${options.stream} stood still`)), silenceMs);
  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      const info = message.reply === undefined ? undefined : parseAckSubject(message.reply);
      if (error !== null) return reject(error);
      if (info === undefined) return;
      timer.refresh();
      onMessage(message, info.sequence);
      if (info.pending === 0) resolve();
    },
  });
  try {
    const consumer = await manager.consumers.add(options.stream, {
      deliver_subject: inbox,
      ...(options.after === undefined || options.after === 0
        ? { deliver_policy: DeliverPolicy.All }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: options.after + 1 }),
      ack_policy: AckPolicy.None,
      mem_storage: true,
      inactive_threshold: silenceMs * nanosPerMs,
      ...(options.filter !== undefined && { filter_subject: options.filter }),
    });
    // Made with messages before it, a consumer says how many are to come, less those it has sent already.
    if (consumer.num_pending + consumer.delivered.consumer_seq === 0) return;
    await promise;
  } finally {
    clearTimeout(timer);
    subscription.unsubscribe();
  }
}
