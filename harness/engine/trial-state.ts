import type { Flow, Service } from '../model/flow.ts';
import type { HistoryBuilder } from '../model/history.ts';
import type { PlannedEvents } from '../model/planned.ts';
import type { Workload } from '../model/workload.ts';
import type { Witness } from '../observe/witness.ts';
import type { Changes } from './changes.ts';
import type { Clock } from './clock.ts';

/** What the parts of one trial share while it is performed. */
export interface TrialState {
  readonly service: Service;
  /** The flow that the trial is about; its service's other flows run beside it. */
  readonly flow: Flow;
  readonly workload: Workload;
  readonly planned: PlannedEvents;
  readonly history: HistoryBuilder;
  readonly clock: Clock;
  /** `clock.now`. */
  readonly now: () => number;
  readonly changes: Changes;
  /** Aborted when the trial is to end early: Ctrl-C, or the bus has gone. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly witness: Witness | undefined;
}

/** How far the trial has come, for its conditions to look at. */
export interface Progress {
  /** `<application> <message>` → answered handing-overs. */
  readonly delivered: Map<string, number>;
  /** Message → when it was first acknowledged to its sender, on the trial's clock. */
  readonly sentAt: Map<number, number>;
  /** Messages that their sender's adapter has answered for, whatever the answer. */
  readonly answered: Set<number>;
  readonly endedLanes: Set<number>;
  /** Handing-overs that an application has not answered yet. */
  inHand: number;
  /** When the first steps of the lanes were performed, on the trial's clock. */
  beganAt: number;
}

export function newProgress(): Progress {
  return { delivered: new Map(), sentAt: new Map(), answered: new Set(), endedLanes: new Set(), inHand: 0, beganAt: 0 };
}

export const deliveredKey = (application: string, message: number): string => `${application} ${String(message)}`;

/** Writes down trouble of the harness itself: the trial is then never a pass. */
export function problem(
  to: { readonly history: HistoryBuilder; readonly now: () => number },
  where: string,
  cause: unknown,
): void {
  to.history.append('problem', { at: to.now(), where, what: cause instanceof Error ? cause.message : String(cause) });
}
