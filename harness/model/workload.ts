import type { JsonSchema, JsonValue } from './json.ts';
import type { WireFault } from './wire.ts';

/**
 * What regular expressions and functions of texts take in one language or other, and JSON Schema does not: a line end behind the
 * text, decimal digits of any script, letters in any case.
 */
export const misreadings = ['line-end', 'any-digit', 'any-case'] as const;
export type Misreading = (typeof misreadings)[number];

/** `batch-mode` and `with-parameter` are of a content type: that of batches, and its own with a `charset`. */
export type HeaderFault = 'absent' | 'malformed' | 'not-allowed' | 'in-capitals' | 'batch-mode' | 'with-parameter';

/** Bodies that are no JSON in UTF-8: nothing, one without its end, one with something behind its end, and one with a byte that stands for nothing. */
export const noJson = ['empty', 'cut', 'trailing', 'not-utf8'] as const;

/** What a planned message breaks, if anything: the workload says it, the facts of the run confirm it. */
export type Violation =
  /** A keyword of the payload schema, at a place of the payload; or so that only a misreading of it takes the value. */
  | {
      readonly kind: 'schema';
      readonly keyword: string;
      readonly path: string;
      readonly schemaPath: string;
      readonly misread?: Misreading;
    }
  | { readonly kind: 'json'; readonly how: (typeof noJson)[number] }
  /**
   * A semantic rule, by its index in the message's rules. `closely`: in the last of several places, and by as little as possible: other case,
   * another way to write a time, a millisecond.
   */
  | { readonly kind: 'rule'; readonly rule: number; readonly closely?: true }
  /** A header: left out, given a value that the contract does not allow, or on NATS under a name that is not in lower case. */
  | { readonly kind: 'header'; readonly header: string; readonly how: HeaderFault }
  /** A body over the limit: by one byte, or of `bodyBytes`. */
  | { readonly kind: 'size' };

/**
 * What is wrong with a content, as against the manifest. `bytes`: the store describes it as right, and gives other bytes; `refused`: there is
 * nothing wrong with it, but its application gives or takes it never.
 */
export type ContentFault = 'digest' | 'size' | 'absent' | 'bytes' | 'refused';

/** One object of a claim-check bundle; its bytes come from its seed, or stand there. */
export interface PlannedContent {
  readonly bytes: number;
  readonly seed: number;
  /** The bytes as they stand, in base64: what a real provider application gave. */
  readonly body?: string;
  readonly fault?: ContentFault;
  /** How long a receiving application takes over it once it has it, in milliseconds. */
  readonly takesMs?: number;
  /**
   * What an application answers in turn when it is asked for it, or given it: HTTP statuses, 0 for a connection that breaks. After them it
   * gives or takes it, unless it refuses it: then the last one repeats.
   */
  readonly answers?: readonly number[];
}

/**
 * What a planned message shows of pacts. A `stimulus` is drawn from the provider's contract, and every named part is judged by what
 * arrives of it; `example`, `variant` and `broken` are what one consumer's adapter is to take, or to refuse.
 */
export interface PactUse {
  readonly as: 'stimulus' | 'example' | 'variant' | 'broken';
  readonly of: readonly { readonly pact: string; readonly interaction: number; readonly part: string }[];
}

/** One event that the workload may send; it is the same event however often it is sent. Its payload comes from its seed. */
export interface PlannedMessage {
  /** Id of the flow it travels on. */
  readonly flow: string;
  /** `ce-type`. */
  readonly type: string;
  readonly id: string;
  /** Application that sends (or answers with) it. */
  readonly application: string;
  /** `ce-partitionkey`; '' for none. */
  readonly key: string;
  /** `ce-sequence`; 0 for none. */
  readonly sequence: number;
  /** `ce-time`, in milliseconds after the trial's start. */
  readonly timeMs: number;
  /** `ce-expirytime`, in milliseconds after the trial's start. */
  readonly expiresMs?: number;
  /** How many hours the zone is ahead of UTC in which `ce-expirytime` is written; default 0, with a Z. */
  readonly expiryZone?: number;
  /** Headers beside those above: null leaves one out, a string sets it. */
  readonly headers: Readonly<Record<string, string | null>>;
  readonly payloadSeed: number;
  /** JSON Pointer → value, set after generation and before the rules are made to hold. */
  readonly payload: Readonly<Record<string, JsonValue>>;
  /** Exact size of the body, reached by padding the payload. */
  readonly bodyBytes?: number;
  readonly violation?: Violation;
  readonly contents?: readonly PlannedContent[];
  /** A narrower schema that the payload is drawn from in place of the message's own, and its digest. */
  readonly within?: { readonly schema: JsonSchema; readonly digest: string };
  /** The payload is a smallest one where that goes with the rest. */
  readonly smallest?: true;
  /** What the payload holds, whatever else is drawn around it. */
  readonly contains?: JsonValue;
  /** The body says the same in another writing. */
  readonly rewritten?: true;
  /** The body is that of an event of this type that is like it in everything else. */
  readonly bodyAs?: string;
  readonly pact?: PactUse;
  /** The body as it stands, in base64, whatever the contract says of it: what a real provider application gave. */
  readonly body?: string;
}

/** What the receiving application says to one handing-over of a message. */
export interface ScriptedAnswer {
  /** HTTP status: 2xx accepts, 4xx but 408 and 429 rejects, anything else fails for now; 0 breaks the connection off without an answer. */
  readonly status: number;
  /** How long it takes over it. */
  readonly delayMs?: number;
  /** Index of the planned message that is the reply of a request-reply flow. */
  readonly reply?: number;
  /** The adapter instance is crashed when it hands the message over: before the application has taken it, or after. */
  readonly crash?: 'before-effect' | 'after-effect';
}

/** An application's answers to one message, in turn; the last one repeats. What no script names is accepted at once. */
export interface Script {
  readonly application: string;
  readonly message: number;
  readonly answers: readonly ScriptedAnswer[];
}

/** Something that a lane waits for. Every wait ends with the trial's time limit, and the trial is then inconclusive. */
export type Condition =
  /** The message was handed over to the application `times` times, and answered. */
  | { readonly until: 'delivered'; readonly application: string; readonly message: number; readonly times: number }
  /** Every stored message of the flow is settled for every receiver that has a live instance. */
  | { readonly until: 'drained' }
  /** Another lane has ended. */
  | { readonly until: 'lane'; readonly lane: number }
  /** So many milliseconds have passed since the trial's start, from which the times of its events are counted. */
  | { readonly until: 'elapsed'; readonly ms: number }
  /** So many milliseconds have passed since the first steps: the events are made before them, which takes its time. */
  | { readonly until: 'since-first-steps'; readonly ms: number }
  /** So many milliseconds have passed since the message was first acknowledged to its sender. */
  | { readonly until: 'since-sent'; readonly message: number; readonly ms: number };

/**
 * One send of an open loop, at its time whatever became of those before it. An `idle` one sends nothing: it shows how late the
 * generator is by itself. What is sent to warm up is not measured.
 */
export interface Arrival {
  /** Milliseconds after the loop began. */
  readonly atMs: number;
  readonly phase: (typeof arrivalPhases)[number];
  /** Absent where idle. */
  readonly message?: number;
}

export const arrivalPhases = ['idle', 'warm-up', 'measured'] as const;

export type Step =
  /**
   * The application sends through its endpoint, and repeats the same event after 5xx when `persist` (the default). With `hangUpMs` it waits
   * no longer than that for the answer, closes the connection, and does not send it again.
   */
  | {
      readonly do: 'send';
      readonly message: number;
      readonly instance?: number;
      readonly persist?: boolean;
      readonly hangUpMs?: number;
    }
  /** The harness puts the event on the bus itself, past every adapter's check. */
  | { readonly do: 'inject'; readonly message: number; readonly subject?: string; readonly messageId?: string }
  /** The harness puts other contents under the names of a bundle's objects, as whoever was there before may have left them. */
  | { readonly do: 'misplace'; readonly message: number }
  /**
   * The harness answers a request itself, on the reply subject that the asker of `request` gave: as an answerer, whose first reply alone the
   * bus lets through, or `straight` to the asker.
   */
  | { readonly do: 'inject-reply'; readonly message: number; readonly request: number; readonly straight?: true }
  | { readonly do: 'stop' | 'crash'; readonly application: string; readonly instance: number }
  /**
   * With `refuseMs` no connection of the instance to the bus is taken for so many milliseconds from its first; with `holdMs` nothing that is
   * said to it on the bus reaches it before so many of its connection have passed, or where `holdOf` is given (`<stream>.<consumer>`), no
   * answer about that consumer. Both need a relay.
   */
  | {
      readonly do: 'start';
      readonly application: string;
      readonly instance: number;
      readonly refuseMs?: number;
      readonly holdMs?: number;
      readonly holdOf?: string;
    }
  /**
   * The connection of an instance to the bus ends, and for `refuseMs` milliseconds no other is taken. It is asked for its health until it
   * is well again. Needs a relay.
   */
  | { readonly do: 'cut'; readonly application: string; readonly instance: number; readonly refuseMs: number }
  /** Dead letters of a receiver, those of a key where it is named, are put back in their order. */
  | { readonly do: 'replay'; readonly application: string; readonly key?: string }
  | { readonly do: 'wait'; readonly for: Condition }
  /** What follows in this lane is intended at this offset from the trial's start, in milliseconds. */
  | { readonly do: 'at'; readonly ms: number }
  /** Sends at the times of a schedule, in rising order; the step ends once every send has an outcome. */
  | { readonly do: 'open-loop'; readonly arrivals: readonly Arrival[] };

/** Steps in turn. Lanes run side by side; a key's messages share a lane. */
export type Lane = readonly Step[];

/** All that one trial does, as data: seeded, JSON, without content. */
export interface Workload {
  readonly messages: readonly PlannedMessage[];
  readonly scripts: readonly Script[];
  /** Instances that run from the start, an application; every application of the service has one unless named here. */
  readonly instances: Readonly<Record<string, number>>;
  readonly lanes: readonly Lane[];
  /** What befalls the adapters' connections to the bus. Absent where nothing rests on what a relay sees or does. */
  readonly wire?: readonly WireFault[];
  /** Longest time for the lanes and the drain, each, in milliseconds. */
  readonly limitMs: number;
}
