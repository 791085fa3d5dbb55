import type { Pact } from './pact.ts';
import type { Sequence } from './sequence.ts';
import type { Failure } from './verdict.ts';
import type { Workload } from './workload.ts';

/** How large a workload is, as its reader counts. */
export interface WorkloadSize {
  /** Planned messages, replies included. */
  readonly messages: number;
  /** What befalls an adapter beside its messages: starts, stops, crashes, replays, cuts and faults of its connection. */
  readonly events: number;
}

/** Of so many performances of one workload, how many failed. */
export interface Rate {
  readonly failed: number;
  readonly tried: number;
}

/** The smallest workload that was found under which a clause fails, and how it was found; a part of its trial's header. */
export interface Minimised {
  /** Id of the trial in which the clause failed first. */
  readonly of: string;
  readonly clause: string;
  readonly workload: Workload;
  /** Those of the flow, where the workload shows something of them: the contracts may have others by the next time. */
  readonly pacts?: readonly Pact[];
  readonly before: WorkloadSize;
  readonly after: WorkloadSize;
  /** How often exactly this workload failed. */
  readonly rate: Rate;
  /** Whether the harness's own adapters keep the clause under this workload; absent where that was not tried. */
  readonly control?: boolean;
  /** Performances on the real system that it took, and for how long. */
  readonly runs: number;
  readonly durationMs: number;
  /** Nothing simpler failed; false where the budget was used up before all had been tried. */
  readonly minimal: boolean;
}

/** A counterexample as reports show it. */
export interface Counterexample extends Minimised {
  /** Id of its own trial. */
  readonly trial: string;
  readonly flow: string;
  /** Scenario of the trial in which the clause failed first, and its seed. */
  readonly scenario: string;
  readonly seed: number;
  /** How the clause fails in the counterexample's own trial; absent where it did not fail when it was performed last. */
  readonly failure?: Failure;
  readonly sequence: Sequence;
}
