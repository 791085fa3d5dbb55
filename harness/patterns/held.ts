import type { CloudEvent } from '../model/event.ts';

/** What the bus says of a delivery, in the subject to acknowledge it on. */
export interface Delivery {
  readonly stream: string;
  readonly consumer: string;
  readonly sequence: number;
  /** How many times this message was delivered to this consumer, this time included. */
  readonly deliveries: number;
}

/** A message in hand: pulled, and not yet settled. */
export interface Held extends Delivery {
  readonly event: CloudEvent;
  /** `+ACK` */
  acknowledge(): void;
  /** `-NAK`, to be delivered again after the delay; without a delay, at once. */
  refuse(delayMs?: number): void;
  /** `+TERM <reason>`: never again. */
  terminate(reason: string): void;
  /** `+WPI`: the ack wait starts again. */
  working(): void;
}

/** What becomes of a message in hand. */
export type Settlement =
  | { readonly do: 'acknowledge'; readonly notice?: 'superseded' }
  | { readonly do: 'terminate'; readonly reason: TermReason }
  | { readonly do: 'retry' };

export type TermReason = 'invalid' | 'expired' | 'conflict' | 'gap' | 'rejected' | 'content';

const nanosPerMs = 1_000_000;

/**
 * A message in hand from its acknowledgement subject: `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.…`, or with domain and
 * account hash before the stream. Undefined for any other subject.
 */
export function hold(
  event: CloudEvent,
  subject: string,
  publish: (subject: string, text: string) => void,
): Held | undefined {
  const tokens = subject.split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  const [stream = '', consumer = '', deliveries, sequence] = tokens.slice(tokens.length === 9 ? 2 : 4);
  return {
    event,
    stream,
    consumer,
    deliveries: Number(deliveries),
    sequence: Number(sequence),
    acknowledge: () => publish(subject, '+ACK'),
    refuse: (delayMs) =>
      publish(subject, delayMs === undefined ? '-NAK' : `-NAK {"delay":${String(delayMs * nanosPerMs)}}`),
    terminate: (reason) => publish(subject, reason === '' ? '+TERM' : `+TERM ${reason}`),
    working: () => publish(subject, '+WPI'),
  };
}
