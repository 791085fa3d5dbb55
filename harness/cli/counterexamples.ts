import type { JournalWriter } from '../evidence/journal-writer.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { minimise } from '../explore/minimise.ts';
import type { Performance, Stage } from '../explore/stage.ts';
import type { JudgedTrial } from '../model/judgement.ts';
import type { ClauseId } from '../model/clause.ts';
import type { Minimised } from '../model/counterexample.ts';

/** A performed trial, with what was performed and what it came to. */
export interface Performed {
  readonly performance: Performance;
  readonly trial: JournalTrial;
  readonly judged: JudgedTrial;
}

export interface SearchOptions {
  readonly stage: Stage;
  /** The same with the harness's own adapters at every end; absent where the stage has those. */
  readonly healthy?: Stage;
  readonly journal: JournalWriter;
  /** Clauses that the answer rests on come first. */
  readonly binding: (clause: ClauseId) => boolean;
  readonly width: number;
  /** For all counterexamples together. */
  readonly budgetMs: number;
  /** Milliseconds of some clock. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

/** Counterexamples that are looked for in one run: of other clauses, the trial's own command says how to see them. */
const mostCounterexamples = 5;
/** Performances that one counterexample may take. */
export const mostRuns = 120;
/** Less time than this finds nothing. */
const leastMs = 2000;

/**
 * Looks for the smallest workload of each clause that failed, on the bus and with the adapters of the run, and writes the trials
 * of those into its journal.
 */
export async function findCounterexamples(performed: readonly Performed[], options: SearchOptions): Promise<void> {
  const { stage, healthy, journal, width, budgetMs, now, signal, note } = options;
  const failed = failedOnce(performed, options.binding);
  const chosen = failed.slice(0, mostCounterexamples);
  const endAt = now() + budgetMs;
  const smallest: Performed[] = [];
  for (const [at, each] of chosen.entries()) {
    const { clause } = each;
    const leftMs = endAt - now();
    if (signal.aborted || leftMs < leastMs) break;
    // Half of what is left: what the others have in common with this one is small by then.
    const ms = at === chosen.length - 1 ? leftMs : leftMs / 2;
    const { performance, trial } = smallest.find((one) => alsoFails(one, each, clause)) ?? each;
    note(
      `${clause} on ${performance.flow.id} fails: looking for the smallest workload that shows it, for at most ${(ms / 1000).toFixed(0)} s`,
    );
    const minimal = await minimise(
      { performance, trial, clause, before: each.performance.workload },
      { stage, ...(healthy === undefined ? {} : { healthy }), width, budget: { runs: mostRuns, ms }, signal },
    );
    if (signal.aborted) return;
    note(`  ${found(minimal.minimised)}`);
    smallest.push({
      performance: { ...performance, workload: minimal.minimised.workload },
      trial: minimal.trial,
      judged: stage.judge(minimal.trial),
    });
    const number = journal.begin({
      ...minimal.trial.header,
      id: `${trial.header.id}/smallest-${clause}`,
      counterexample: minimal.minimised,
    });
    if (minimal.trial.end !== undefined) journal.end(number, minimal.trial.history, minimal.trial.end);
  }
}

/** One trial for each clause that failed, those that the answer rests on first: the shortest one, since it is performed again and again. */
function failedOnce(
  performed: readonly Performed[],
  binding: (clause: ClauseId) => boolean,
): readonly (Performed & { readonly clause: ClauseId })[] {
  const byClause = new Map<ClauseId, Performed>();
  for (const each of performed.toSorted((a, b) => durationOf(a) - durationOf(b))) {
    for (const { clause, failed } of each.judged.findings) {
      if (failed > 0 && !byClause.has(clause)) byClause.set(clause, each);
    }
  }
  const all = [...byClause].map(([clause, each]) => ({ ...each, clause }));
  return [...all.filter(({ clause }) => binding(clause)), ...all.filter(({ clause }) => !binding(clause))];
}

/** Whether the smallest workload of another clause shows this one, too. */
const alsoFails = ({ performance, judged }: Performed, other: Performed, clause: ClauseId): boolean =>
  performance.flow.id === other.performance.flow.id &&
  judged.findings.some((finding) => finding.clause === clause && finding.failed > 0);

const durationOf = ({ trial }: Performed): number => trial.end?.durationMs ?? Infinity;

function found({ before, after, rate, runs, durationMs, minimal }: Minimised): string {
  const size = ({ messages, events }: Minimised['after']): string =>
    `${plural(messages, 'message')} and ${plural(events, 'event')}`;
  const end = minimal ? '' : ', when the budget was used up';
  return `${size(after)} of ${size(before)} are left; it failed in ${String(rate.failed)} of ${plural(rate.tried, 'run')} (${plural(runs, 'run')}, ${(durationMs / 1000).toFixed(1)} s${end})`;
}

const plural = (n: number, noun: string): string => `${String(n)} ${n === 1 ? noun : `${noun}s`}`;
