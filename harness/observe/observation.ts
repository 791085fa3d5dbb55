import type { Flow, Service } from '../model/flow.ts';
import type { HistoryBuilder } from '../model/history.ts';
import type { PlannedEvents } from '../model/planned.ts';
import type { FactSteps } from './facts.ts';
import type { Artefacts } from './artefacts.ts';
import type { Before } from './before.ts';
import type { Scanner } from './scan/scanner.ts';
import type { Validators } from './validators.ts';
import type { Witness } from './witness.ts';

/** What the observers of one trial share. */
export interface Observation {
  readonly service: Service;
  /** The flow that the trial is about; its service's other flows are observed as well. */
  readonly flow: Flow;
  readonly planned: PlannedEvents;
  readonly validators: Validators;
  readonly facts: FactSteps;
  readonly history: HistoryBuilder;
  readonly before: Before;
  /** Milliseconds since the trial's start. */
  readonly now: () => number;
  /** The trial's start, in milliseconds since the epoch. */
  readonly epochMs: number;
  readonly scanner: Scanner;
  readonly artefacts: Artefacts;
  /** Who looks at the bytes themselves; absent where nobody does. */
  readonly witness?: Witness;
}

type Headers = Readonly<Record<string, string>>;

/** Index of the planned event that headers (and a body, where there is one) are of, or NONE. */
export function plannedIndex({ planned }: Observation, headers: Headers, body?: Uint8Array): number {
  return planned.identify(headers['ce-source'] ?? '', headers['ce-id'] ?? '', body, headers['ce-type']);
}

/** Trouble of the observers themselves: the trial is then never a pass. */
export function trouble({ history, now }: Pick<Observation, 'history' | 'now'>, where: string, cause: unknown): void {
  history.append('problem', { at: now(), where, what: cause instanceof Error ? cause.message : String(cause) });
}
