import type { Changed } from '../engine/trial.ts';
import type { ClauseId } from '../model/clause.ts';
import type { Steps } from '../patterns/steps.ts';

/** One deliberate fault, where it is shown, and the clause that must catch it. */
export interface Defect {
  /** Kebab case. */
  readonly name: string;
  /** What is wrong, as one would say it of an adapter or a bus. */
  readonly title: string;
  /** The clause that must fail. */
  readonly clause: ClauseId;
  /** The flow and the scenario that show it: nothing else is run. */
  readonly flow: string;
  readonly scenario: string;
  /** What is broken: the adapters, the settings of the bus, its own parts, or what is seen of it. */
  readonly breaks: { readonly steps?: Partial<Steps> } & Changed;
}
