import type { ClauseId } from '../model/clause.ts';
import { failureLimit, type Contract, type Failure, type Finding } from '../model/verdict.ts';
import { doubtOf, gapOf } from './gap.ts';
import type { Trial } from './trial.ts';

/** A finding while it grows. Descriptions are functions, since only the first `failureLimit` are kept. */
export class Judgement {
  readonly #clause: ClauseId;
  readonly #claimed: boolean;
  readonly #gap: string | undefined;
  readonly #doubt: string | undefined;
  readonly #failures: Failure[] = [];
  readonly #notes = new Set<string>();
  #failed = 0;
  #exercised = 0;
  #undecided: string | undefined;
  #lagged = true;
  #bound: number | undefined;

  constructor(contract: Contract, trial: Trial, clause: ClauseId) {
    this.#clause = clause;
    this.#claimed = contract.clauses.includes(clause);
    this.#gap = gapOf(trial);
    this.#doubt = doubtOf(trial);
  }

  /** The history put the clause to the test so many times more. */
  exercise(times = 1): void {
    this.#exercised += times;
  }

  /** Something was seen that breaks the clause: it stands whatever else was not seen. */
  fail(describe: () => Failure): void {
    this.#failed++;
    if (this.#failures.length < failureLimit) this.#failures.push(describe());
  }

  /** Something that had to be seen was not: a failure only where the history is whole, else there is no answer. */
  lack(describe: () => Failure): void {
    if (this.#gap === undefined) this.fail(describe);
    else this.undecide(this.#gap);
  }

  undecide(reason: string): void {
    this.#undecided ??= reason;
    this.#lagged = false;
  }

  /** Nothing can be said since the harness, or the bus, was late itself: what may be measured once more. */
  lag(reason: string): void {
    this.#undecided ??= reason;
  }

  /** The clause may still fail at most so often (0 to 1), with a confidence of 95 %; of several bounds the worst stands. */
  bound(rate: number): void {
    this.#bound = Math.max(this.#bound ?? 0, rate);
  }

  note(text: string): void {
    this.#notes.add(text);
  }

  /** A clause is undecided where the history has a gap or the trial is in doubt, if the trial tested it or said that it would. */
  finding(): Finding {
    const exercised = this.#failed > 0 ? Math.max(1, this.#exercised) : this.#exercised;
    const incomplete = exercised > 0 || this.#claimed ? (this.#gap ?? this.#doubt) : undefined;
    const undecided = this.#undecided ?? incomplete;
    const lagged = this.#undecided !== undefined && this.#lagged && incomplete === undefined;
    return {
      clause: this.#clause,
      exercised,
      failures: this.#failures,
      failed: this.#failed,
      ...(undecided === undefined ? {} : { undecided }),
      ...(lagged ? { lagged } : {}),
      ...(this.#bound === undefined ? {} : { bound: this.#bound }),
      notes: [...this.#notes],
    };
  }
}
