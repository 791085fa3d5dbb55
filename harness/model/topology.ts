/** What the bus must hold for a service, as plain data: derived from contracts, changed by defects, made by the bus. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly subjectTransform?: { readonly src: string; readonly dest: string };
  readonly discard: 'new' | 'old';
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  /** Largest message with its headers, in bytes. */
  readonly maxMessageBytes: number;
  readonly maxMessagesPerSubject?: number;
  readonly dedupeWindowMs: number;
  /** Id of the flow whose messages it holds; absent for the streams of the bus itself. */
  readonly flow?: string;
}

export interface ConsumerSpec {
  readonly stream: string;
  readonly name: string;
  readonly application: string;
  readonly filterSubjects: readonly string[];
  readonly ackPolicy: 'explicit' | 'none';
  readonly ackWaitMs: number;
  readonly maxDeliver: number;
  readonly maxAckPending: number;
  readonly deliverPolicy: 'all' | 'last_per_subject';
  readonly headersOnly?: boolean;
  readonly sampleFrequency?: string;
}

export interface BucketSpec {
  readonly name: string;
  readonly kind: 'key-value' | 'object';
  readonly maxBytes: number;
  readonly maxAgeMs: number;
}

/** One identity of a namespace. Answerers of request-reply live in an account of their own. */
export interface UserSpec {
  readonly name: string;
  readonly account: 'main' | 'answerers';
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Whether it may answer what it receives on the reply subject given there, `max` times within `expiresMs`. */
  readonly response?: { readonly max: number; readonly expiresMs: number };
}

/** A request subject exported from the answerers' account to the main one. */
export interface RequestSubjectSpec {
  readonly subject: string;
  readonly latencySubject: string;
}

export interface Topology {
  readonly streams: readonly StreamSpec[];
  readonly consumers: readonly ConsumerSpec[];
  readonly buckets: readonly BucketSpec[];
  readonly users: readonly UserSpec[];
  readonly requestSubjects: readonly RequestSubjectSpec[];
}
