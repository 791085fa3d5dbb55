import { AckPolicy, DeliverPolicy, jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';

import { parseAckSubject, type DeliveryInfo } from '../model/acknowledgement.ts';

/** The server forgets a tap whose reader is gone this long. */
const forgottenAfterMs = 60_000;
/** How often the server says that it is there, where it controls the flow. */
const heartbeatMs = 5_000;
const idleOrFlowControl = 100;
const nanosPerMs = 1_000_000;

export interface TapOptions {
  readonly stream: string;
  /** Nothing up to this sequence is read; default all of it is. */
  readonly after?: number;
  /** The server sends no more than is read: for streams of large messages. */
  readonly flowControl?: boolean;
  readonly onMessage: (message: Msg, info: DeliveryInfo) => void;
  readonly onError: (cause: unknown) => void;
}

/** Reads all of a stream as it grows, acknowledging nothing: nobody else notices it. */
export class Tap {
  readonly #connection: NatsConnection;
  readonly #options: TapOptions;
  #subscription: Subscription | undefined;
  #consumer = '';
  /** Last sequence seen, or passed over. */
  #last: number;

  private constructor(connection: NatsConnection, options: TapOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#last = options.after ?? 0;
  }

  static async open(connection: NatsConnection, options: TapOptions): Promise<Tap> {
    const tap = new Tap(connection, options);
    await tap.resume();
    return tap;
  }

  /** Begins after the last message seen: at first, and again when a lost connection is back. */
  async resume(): Promise<void> {
    this.#subscription?.unsubscribe();
    const inbox = inboxOf(this.#connection);
    this.#subscription = this.#connection.subscribe(inbox, {
      callback: (error, message) => {
        const info = message.reply === undefined ? undefined : parseAckSubject(message.reply);
        if (error !== null) return this.#options.onError(error);
        if (info === undefined) return this.#controlFlow(message);
        if (info.sequence <= this.#last) return;
        this.#last = info.sequence;
        this.#options.onMessage(message, info);
      },
    });
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    const consumer = await manager.consumers.add(this.#options.stream, {
      deliver_subject: inbox,
      ack_policy: AckPolicy.None,
      mem_storage: true,
      inactive_threshold: forgottenAfterMs * nanosPerMs,
      ...(this.#options.flowControl === true && { flow_control: true, idle_heartbeat: heartbeatMs * nanosPerMs }),
      ...(this.#last === 0
        ? { deliver_policy: DeliverPolicy.All }
        : { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: this.#last + 1 }),
    });
    this.#consumer = consumer.name;
  }

  /** Answers a server that waits until what it has sent is read, or that says that it still waits. */
  #controlFlow({ headers, reply = '' }: Msg): void {
    if (headers?.code !== idleOrFlowControl) return;
    const asked = reply === '' ? headers.get('Nats-Consumer-Stalled') : reply;
    if (asked !== '') this.#connection.publish(asked);
  }

  /** Whether everything that the stream holds has been seen. */
  async caughtUp(): Promise<boolean> {
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    const info = await manager.consumers.info(this.#options.stream, this.#consumer);
    // A consumer that has delivered nothing says 0 of the stream, or the place where it begins.
    return info.num_pending === 0 && (info.delivered.consumer_seq === 0 || this.#last >= info.delivered.stream_seq);
  }

  stop(): void {
    this.#subscription?.unsubscribe();
  }
}

/** A fresh inbox under the prefix that the connection's user may subscribe to; the client's type does not tell it. */
function inboxOf(connection: NatsConnection): string {
  const { options } = connection as NatsConnection & { readonly options?: { readonly inboxPrefix?: string } };
  return createInbox(options?.inboxPrefix);
}
