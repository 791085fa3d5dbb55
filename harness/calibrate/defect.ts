import type { Changed } from '../engine/trial.ts';
import type { ClauseId } from '../model/clause.ts';
import type { Habits } from '../adapters/reference/typescript/habits.ts';
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
  /**
   * What is broken: the adapters' core, the program around it (which only a process behind the port shows), the settings of the bus, its
   * own parts, or what is seen of it.
   */
  readonly breaks: { readonly steps?: Partial<Steps>; readonly habits?: Partial<Habits> } & Changed;
}

/** Whether only a program shows it: it has no part in the harness's own process. */
export const needsProgram = ({ breaks }: Defect): boolean => breaks.habits !== undefined;

/**
 * Whether a program can have it: its own part is broken, and nothing else with it. Load that a machine of few cores cannot send to programs
 * in time decides nothing: the defects of PER-1 are shown by the harness's own process alone.
 */
export const fitsProgram = ({ name, breaks, clause }: Defect): boolean =>
  // It hands over without end, and its machine is then too busy to say who was late.
  name !== 'poison-blocks-every-key' &&
  clause !== 'PER-1' &&
  Object.keys(breaks).every((part) => part === 'steps' || part === 'habits');
