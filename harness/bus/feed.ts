import { AckPolicy, DeliverPolicy, JetStreamApiError, jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream';
import type { Msg, MsgHdrs, NatsConnection, Subscription } from '@nats-io/transport-node';

import { parseAckSubject } from '../model/acknowledgement.ts';
import { inboxOf } from './inbox.ts';

/** Messages handed out and not yet dealt with, at most. */
const maxInHand = 2048;
/** What is not dealt with after this long is handed out again: after a lost connection. */
const ackWaitMs = 2_000;
const nanosPerMs = 1_000_000;
const consumerExists = 10148;

export interface FeedMessage {
  readonly subject: string;
  readonly sequence: number;
  /** When the stream stored it, RFC 3339. */
  readonly storedAt: string;
  readonly headers: MsgHdrs | undefined;
  readonly data: Uint8Array;
}

export interface FeedOptions {
  readonly stream: string;
  /** Name of the durable consumer: its place is kept over restarts. */
  readonly durable: string;
  readonly headersOnly?: boolean;
  /** Resolves once what the message means is stored; only then is it acknowledged. A rejection leaves it to be handed out again. */
  readonly onMessage: (message: FeedMessage) => Promise<void>;
  readonly onError: (cause: unknown) => void;
}

/** A durable reader of a stream that the bus itself keeps. Messages come in order; some may come again. */
export class Feed {
  readonly #connection: NatsConnection;
  readonly #options: FeedOptions;
  readonly #subscription: Subscription;
  readonly #inHand = new Set<Promise<void>>();

  private constructor(connection: NatsConnection, options: FeedOptions, inbox: string) {
    this.#connection = connection;
    this.#options = options;
    this.#subscription = connection.subscribe(inbox, {
      callback: (error, message) => {
        if (error !== null) options.onError(error);
        else if (message.reply !== undefined) {
          this.#hold(this.#take(message, message.reply));
        }
      },
    });
  }

  static async open(connection: NatsConnection, options: FeedOptions): Promise<Feed> {
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { stream, durable } = options;
    const inbox = inboxOf(connection);
    const feed = new Feed(connection, options, inbox);
    const config = {
      durable_name: durable,
      deliver_subject: inbox,
      deliver_policy: DeliverPolicy.All,
      ack_policy: AckPolicy.Explicit,
      ack_wait: ackWaitMs * nanosPerMs,
      max_ack_pending: maxInHand,
      headers_only: options.headersOnly ?? false,
    };
    try {
      await manager.consumers.add(stream, config);
    } catch (cause) {
      if (!(cause instanceof JetStreamApiError && cause.code === consumerExists)) throw cause;
      // An earlier reader left it: from now on it hands out here.
      await manager.consumers.update(stream, durable, { deliver_subject: inbox });
    }
    return feed;
  }

  /** Whether every message of the stream has been dealt with, as the server knows it. */
  async caughtUp(): Promise<boolean> {
    if (this.#inHand.size > 0) return false;
    const manager = await jetstreamManager(this.#connection, { checkAPI: false });
    const info: ConsumerInfo = await manager.consumers.info(this.#options.stream, this.#options.durable);
    return info.num_pending === 0 && info.num_ack_pending === 0 && this.#inHand.size === 0;
  }

  #hold(taken: Promise<void>): void {
    this.#inHand.add(taken);
    void taken.finally(() => this.#inHand.delete(taken));
  }

  /** Takes no more; resolves once what is in hand has been dealt with. */
  async stop(): Promise<void> {
    this.#subscription.unsubscribe();
    await Promise.all(this.#inHand);
  }

  async #take({ subject, headers, data }: Msg, reply: string): Promise<void> {
    const info = parseAckSubject(reply);
    if (info === undefined) return;
    try {
      await this.#options.onMessage({
        subject,
        sequence: info.sequence,
        storedAt: new Date(info.storedAtMs).toISOString(),
        headers,
        data,
      });
      if (!this.#connection.isClosed()) this.#connection.publish(reply);
    } catch (cause) {
      this.#options.onError(cause);
    }
  }
}
