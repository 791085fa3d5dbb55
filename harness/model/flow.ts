import type { JsonSchema, JsonValue } from './json.ts';
import type { Pact, ProviderState } from './pact.ts';

export const exchangePatterns = [
  'request-reply',
  'ordered-stream',
  'fan-out',
  'last-value',
  'work-queue',
  'claim-check',
] as const;
export type ExchangePattern = (typeof exchangePatterns)[number];

/** Classifications in rising order; the closed list of the programme. */
export const classifications = ['OFFICIAL', 'OFFICIAL-SENSITIVE'] as const;
export type Classification = (typeof classifications)[number];

/** A semantic rule on one message: data from a closed set. Fields are JSON Pointers into the payload; `*` is every item. */
export type Rule =
  /** The field equals the header, as text. A number is written as JSON writes it. */
  | { readonly rule: 'equals-header'; readonly field: string; readonly header: string }
  /**
   * The field's last character is `alphabet[the digits before, as one number, mod alphabet.length]`. `slices` says from which
   * parts of the text the digits are taken and in which order, as `String.slice` has it; without it, all in the order they stand.
   */
  | {
      readonly rule: 'check-character';
      readonly field: string;
      readonly alphabet: string;
      readonly slices?: readonly (readonly [from: number, to: number])[];
    }
  /** The time in `field` is not before the time in `other`; holds where either is absent. */
  | { readonly rule: 'not-before'; readonly field: string; readonly other: string }
  /** The number in `field` is how many values `of` finds. */
  | { readonly rule: 'count'; readonly field: string; readonly of: string }
  /** The number in `field` is the sum of the numbers that `of` finds. */
  | { readonly rule: 'sum'; readonly field: string; readonly of: string };

export interface Message {
  /** As in the document's `messages`; it is the event's `ce-type`. */
  readonly name: string;
  readonly title: string;
  /** What `ce-dataschema` must be. */
  readonly dataschema: string;
  /** SHA-256 of the bundled payload schema's canonical JSON, in hex. */
  readonly schemaDigest: string;
  readonly payload: JsonSchema;
  /** Schema of the NATS headers, names in lower case, every value a string. */
  readonly headers: JsonSchema;
  readonly rules: readonly Rule[];
  readonly examples: readonly { readonly name: string; readonly valid: boolean; readonly payload: JsonValue }[];
}

/** A part of an address in braces, and where its value comes from. */
export interface Parameter {
  readonly name: string;
  readonly location: { readonly of: 'header' | 'payload'; readonly pointer: string };
}

export interface Receiver {
  readonly application: string;
  /** Address parameter → values wanted. A parameter that is not named is not filtered. */
  readonly filter: Readonly<Record<string, readonly string[]>>;
}

/** What becomes of a message that its consumer cannot take: stored as a dead letter, or dropped (counted and audited). */
export type BadInputPolicy = 'dead-letter' | 'drop' | 'refuse';

/** One channel of a service with its guarantees, parsed and checked. Durations are those of the run (see `shortened`). */
export interface Flow {
  /** `<service>/<channel>`. */
  readonly id: string;
  readonly service: string;
  readonly channel: string;
  readonly title: string;
  readonly pattern: ExchangePattern;
  /** Subject template: `incident-lifecycle.incidents.{incidentNo}`. */
  readonly address: string;
  readonly parameters: readonly Parameter[];
  /** What travels on the channel; for request-reply the requests. */
  readonly messages: readonly Message[];
  /** Replies to the requests, refusals included; empty for every other pattern. */
  readonly replies: readonly Message[];
  /** Applications that publish, or ask. */
  readonly senders: readonly string[];
  /** Applications that subscribe, or answer. */
  readonly receivers: readonly Receiver[];
  /** Those whose adapters are under test, where not all are: whom a workload chooses where it chooses one. */
  readonly underTest?: readonly string[];
  readonly delivery: 'at-most-once' | 'at-least-once';
  /** Name of the JetStream stream; absent for request-reply, which is core NATS. */
  readonly stream?: string;
  /** JSON Pointer of the field that is the ordering or last-value key; it equals `ce-partitionkey`. */
  readonly key?: string;
  /** Number of ordered partitions; 1 has one consumer `APPLICATION-0`; absent where order does not matter. */
  readonly partitions?: number;
  readonly dedupeWindowMs?: number;
  readonly ackWaitMs?: number;
  /** Deliveries before a message is exhausted, the first one included. */
  readonly attempts: number;
  readonly backoffMs: readonly number[];
  readonly badInput: BadInputPolicy;
  /** Ordered flows: whether the retries of one message may hold its partition for longer than `p99Ms`. */
  readonly mayExceedObjective?: true;
  /** What a gap in an ordered flow does. */
  readonly gap?: 'park';
  /** How long after `ce-time` an event may still be handed over; events then carry `ce-expirytime`. */
  readonly expiryMs?: number;
  readonly retention?: { readonly maxAgeMs: number; readonly maxBytes: number };
  /** Largest body in bytes; N pass, N + 1 are refused. */
  readonly maxBytes: number;
  /** Name of the message that says no: a refusal reply, or a receipt of another channel. */
  readonly refusal?: string;
  /** Channel on which receipts and refusals of this one travel, for patterns other than request-reply. */
  readonly receipts?: string;
  /** KV bucket of last accepted sequences (ordered-stream). */
  readonly state?: string;
  /** Object bucket (claim-check). */
  readonly bucket?: string;
  readonly classification: Classification;
  readonly peakPerSecond: number;
  readonly p99Ms: number;
  readonly rpoMs?: number;
  /** What its consumers expect of its messages; absent where no consumer has said so in a pact. */
  readonly pacts?: readonly Pact[];
}

export interface Application {
  readonly name: string;
  /** Its part in the service's main flow, the first with an x-flow. */
  readonly role: 'provider' | 'consumer';
}

export interface Service {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** Path of the document, relative to the contracts folder. */
  readonly document: string;
  /** SHA-256 over the service's files, in hex. */
  readonly digest: string;
  readonly flows: readonly Flow[];
  readonly applications: readonly Application[];
  /** States that pacts may ask a provider to be in; absent where none is declared. */
  readonly states?: readonly ProviderState[];
}

/** A declared duration that the run shortened. */
export interface Shortened {
  readonly flow: string;
  readonly what: string;
  readonly declaredMs: number;
  readonly effectiveMs: number;
}

/** What an application does on a flow; it may do both. */
export const sends = ({ senders }: Flow, application: string): boolean => senders.includes(application);
export const receives = ({ receivers }: Flow, application: string): boolean =>
  receivers.some((receiver) => receiver.application === application);

/** The applications that answer for the flow's content: those that answer requests, else those that publish. */
export function providersOf(flow: Flow): readonly string[] {
  return flow.pattern === 'request-reply' ? flow.receivers.map((receiver) => receiver.application) : flow.senders;
}

export function consumersOf(flow: Flow): readonly string[] {
  return flow.pattern === 'request-reply' ? flow.senders : flow.receivers.map((receiver) => receiver.application);
}

export function flowOf(service: Service, channel: string): Flow | undefined {
  return service.flows.find((flow) => flow.channel === channel);
}

/** The message of a flow with a name. One that the flow does not have is a mistake of the caller: a RangeError. */
export function messageOf(flow: Flow, name: string): Message {
  const message = messagesOf(flow).find((candidate) => candidate.name === name);
  if (message === undefined) throw new RangeError(`${flow.id} has no message ${name}`);
  return message;
}

/** Every message that an application may meet on a flow, replies included. */
export function messagesOf(flow: Flow): readonly Message[] {
  return [...flow.messages, ...flow.replies];
}
