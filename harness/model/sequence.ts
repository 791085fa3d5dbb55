/** Who takes part in a sequence, from left to right. */
export interface Lifeline {
  readonly kind: 'application' | 'adapter' | 'bus' | 'harness';
  readonly name: string;
}

/** One thing that happened, at its time in milliseconds since the trial's start. `proof`: the failure points to it. */
export type SequenceEntry = { readonly at: number; readonly text: string; readonly proof: boolean } & (
  | {
      readonly what: 'arrow';
      /** Indexes of lifelines. */
      readonly from: number;
      readonly to: number;
      /** An answer to an arrow the other way. */
      readonly answer: boolean;
    }
  | { readonly what: 'mark'; readonly on: number }
);

/** What happened in a trial between applications, adapters and bus, in the order of time. No content of a message is in it. */
export interface Sequence {
  readonly lifelines: readonly Lifeline[];
  readonly entries: readonly SequenceEntry[];
  /** Planned messages by the numbers that the entries give them. */
  readonly messages: readonly { readonly number: number; readonly text: string }[];
  /** Entries that were left out, of a long trial. */
  readonly leftOut: number;
}
