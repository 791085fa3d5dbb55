import type { Msg } from '@nats-io/transport-node';

import type { Bus } from './bus.ts';
import { fromNats, type Event } from './event.ts';

/** A message in hand: pulled, and not yet settled. */
export class Held {
  readonly event: Event;
  /** How many times it was delivered to this consumer, this time included. */
  readonly attempt: number;
  /** For the log. */
  readonly place: string;
  readonly #reply: string;
  readonly #bus: Bus;

  private constructor(event: Event, reply: string, tokens: readonly string[], bus: Bus) {
    const [, consumer = '', attempt = '', sequence = ''] = tokens;
    this.event = event;
    this.attempt = Number(attempt);
    this.place = `${consumer}: message ${sequence}, delivery ${attempt}`;
    this.#reply = reply;
    this.#bus = bus;
  }

  /**
   * Undefined for a message that is none of a stream's. The reply subject is `$JS.ACK.<stream>.<consumer>.<attempt>.<sequence>.…`, or
   * has domain and account hash before the stream.
   */
  static from({ headers, data, reply = '' }: Msg, bus: Bus): Held | undefined {
    const tokens = reply.split('.');
    if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
    return new Held(fromNats(headers, data), reply, tokens.slice(tokens.length === 9 ? 2 : 4), bus);
  }

  acknowledge(): void {
    this.#tell('+ACK');
  }

  /** To be delivered again after the delay. */
  refuse(delayMs: number | undefined): void {
    this.#tell(delayMs === undefined ? '-NAK' : `-NAK {"delay":${delayMs * 1_000_000}}`);
  }

  /** R9: never again. */
  terminate(reason: string): void {
    this.#tell(`+TERM ${reason}`);
  }

  /** Starts the ack wait again, now and then, until what it gives is called. */
  keepWorking(everyMs: number): () => void {
    const timer = setInterval(() => this.#tell('+WPI'), everyMs);
    return () => clearInterval(timer);
  }

  #tell(what: string): void {
    if (!this.#bus.connection.isClosed()) this.#bus.connection.publish(this.#reply, what);
  }
}
