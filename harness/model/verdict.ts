import type { ClauseId } from './clause.ts';
import type { Flow, Service } from './flow.ts';
import type { History, TableName } from './history.ts';

export const verdictWords = ['pass', 'fail', 'inconclusive', 'not-tested'] as const;
export type VerdictWord = (typeof verdictWords)[number];

/** A line of a history. */
export interface Evidence {
  readonly table: TableName;
  readonly row: number;
}

/** One way in which a clause was broken: the smallest set of lines that proves it. */
export interface Failure {
  readonly application?: string;
  readonly expected: string;
  readonly observed: string;
  readonly evidence: readonly Evidence[];
}

/** What one checker says of one clause from one history. */
export interface Finding {
  readonly clause: ClauseId;
  /** How often the history put the clause to the test. 0 means that it was not tested here. */
  readonly exercised: number;
  /** At most `failureLimit`; `failed` counts them all. */
  readonly failures: readonly Failure[];
  readonly failed: number;
  /** Why, where the history does not allow an answer: undrained, a condition never reached, the harness's timer lagged. */
  readonly undecided?: string;
  /** It is undecided for no other reason than that the harness, or the bus, was late itself. */
  readonly lagged?: true;
  /** Upper 95 % bound on the failure rate, where the checker knows a better one than the number of its tests gives. */
  readonly bound?: number;
  /** What the answer rests on or leaves out: fault classes, fields not covered. */
  readonly notes: readonly string[];
}

/** Most failures kept of one clause in one trial; the rest are counted. */
export const failureLimit = 20;

/** What a checker is given beside the history. */
export interface Contract {
  readonly service: Service;
  readonly flow: Flow;
  /** Clauses that the scenario says it can decide. */
  readonly clauses: readonly ClauseId[];
  /** What of the bus could not be seen, so that its absence proves nothing. */
  readonly unobserved?: readonly Unobserved[];
}

/**
 * What may stay unseen. `answers`: that requests were answered, which only the server's own accounts report. `wire`: what adapters
 * say to the bus, which only the relay sees. `denials`: what the bus denies an adapter, which on somebody else's bus is not the
 * contract's matter.
 */
export type Unobserved = 'answers' | 'wire' | 'denials';

/** A pure function: no clock, no I/O, no randomness, no library. */
export interface Checker {
  readonly name: string;
  readonly clauses: readonly ClauseId[];
  readonly check: (contract: Contract, history: History) => readonly Finding[];
}

/** The verdict on one clause for one flow, over all trials of a run. */
export interface Verdict {
  readonly clause: ClauseId;
  /** Flow id. */
  readonly flow: string;
  readonly verdict: VerdictWord;
  /** Why, for anything but a pass; what it rests on, for a pass. */
  readonly reason: string;
  readonly exercised: number;
  /** Upper 95 % bound on the failure rate where nothing failed: about 3/n. */
  readonly bound?: number;
  readonly trials: readonly string[];
  readonly failures: readonly (Failure & { readonly trial: string })[];
  readonly failed: number;
  readonly notes: readonly string[];
}

/** Upper 95 % confidence bound on a failure rate after n independent trials without one. */
export function failureBound(n: number): number {
  return n === 0 ? 1 : Math.min(1, 1 - 0.05 ** (1 / n));
}
