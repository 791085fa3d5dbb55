import type { verbs } from './history.ts';

/** What a delivery's reply subject tells: `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<consumer sequence>.<time>.<pending>`. */
export interface DeliveryInfo {
  readonly stream: string;
  readonly consumer: string;
  /** How often the message was delivered to this consumer, this time included. */
  readonly deliveries: number;
  /** In the stream. */
  readonly sequence: number;
  readonly consumerSequence: number;
  /** When the stream stored it, in milliseconds since the epoch. */
  readonly storedAtMs: number;
  /** Messages that the consumer has not been given yet. */
  readonly pending: number;
}

export interface AckVerb {
  readonly verb: (typeof verbs)[number];
  /** Of a negative acknowledgement; 0 for none. */
  readonly delayMs: number;
  /** Of a termination; '' for none. */
  readonly reason: string;
}

/**
 * The reference bus says `+WPI` with this sequence, and a reply subject, to a consumer: nothing that was delivered has it, so
 * that nothing changes, and once the reply is there every acknowledgement before it was dealt with.
 */
export const barrierSequence = 2 ** 40;

const tokensOfV1 = 9;
/** The second form has the domain and the account's hash in front of the stream, and possibly a random token behind. */
const tokensOfV2 = 11;

/** Undefined for a subject that no JetStream delivery has. */
export function parseAckSubject(subject: string): DeliveryInfo | undefined {
  const tokens = subject.split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK') return undefined;
  if (tokens.length !== tokensOfV1 && tokens.length < tokensOfV2) return undefined;
  const from = tokens.length === tokensOfV1 ? 2 : 4;
  const [stream = '', consumer = '', ...rest] = tokens.slice(from, from + 7);
  if (rest.some((token) => !/^\d+$/.test(token))) return undefined;
  const [deliveries = 0, sequence = 0, consumerSequence = 0, storedAtNs = 0, pending = 0] = rest.map(Number);
  return { stream, consumer, deliveries, sequence, consumerSequence, storedAtMs: storedAtNs / 1e6, pending };
}

/** The verb of an acknowledgement's body, as nats-server reads it. */
export function parseAckVerb(body: string): AckVerb {
  const plain = (verb: AckVerb['verb']): AckVerb => ({ verb, delayMs: 0, reason: '' });
  if (body === '' || body === '+ACK' || body === '+OK') return plain('ack');
  if (body === '+WPI') return plain('in-progress');
  if (body.startsWith('+NXT')) return plain('next');
  if (body.startsWith('+TERM')) return { verb: 'term', delayMs: 0, reason: body.slice('+TERM'.length).trim() };
  if (body.startsWith('-NAK'))
    return { verb: 'nak', delayMs: parseDelay(body.slice('-NAK'.length).trim()), reason: '' };
  return plain('unknown');
}

const unitMs: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 };

/** `{"delay": nanoseconds}` or a duration as Go writes it: `1m30s`. What cannot be read is no delay, as on the server. */
function parseDelay(text: string): number {
  if (text.startsWith('{')) {
    const delay = /"delay"\s*:\s*(\d+)/.exec(text)?.[1];
    return delay === undefined ? 0 : Number(delay) / 1e6;
  }
  if (!/^(\d+(\.\d+)?(ns|us|µs|ms|s|m|h))+$/.test(text)) return 0;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)].reduce(
    (sum, [, amount = '0', unit = 'ms']) => sum + Number(amount) * (unitMs[unit] ?? 0),
    0,
  );
}
