import { startClock } from '../engine/clock.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import type { Minimised } from '../model/counterexample.ts';
import type { ClauseId } from '../model/clause.ts';
import { Problem } from '../model/errors.ts';
import type { Finding } from '../model/verdict.ts';
import type { Workload } from '../model/workload.ts';
import { messagesOf } from '../shrink/concern.ts';
import { sizeOf } from '../shrink/events.ts';
import { shrink, type Budget, type Shrunk, type Tried } from '../shrink/shrink.ts';
import type { Performance, Stage } from './stage.ts';

/** A performance in which a clause failed. */
export interface Failed {
  readonly performance: Performance;
  readonly trial: JournalTrial;
  readonly clause: ClauseId;
  /** What it was shrunk from, where this is a smaller one already. */
  readonly before?: Workload;
}

export interface MinimiseOptions {
  readonly stage: Stage;
  /** The same with healthy adapters at every end; absent where the stage has those. */
  readonly healthy?: Stage;
  readonly width: number;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly onProgress?: (workload: Workload, runs: number) => void;
}

/** What a clause's finding is in a trial, if it failed. */
export const failureIn = (stage: Stage, trial: JournalTrial, clause: ClauseId): Finding | undefined =>
  stage.judge(trial).findings.find((finding) => finding.clause === clause && finding.failed > 0);

/** The smallest workload that was found, and a trial in which it failed. */
export interface Minimal {
  readonly minimised: Minimised;
  readonly trial: JournalTrial;
}

/** Looks for the smallest workload under which the same clause fails, on the same bus, with the same adapters. */
export async function minimise(failed: Failed, options: MinimiseOptions): Promise<Minimal> {
  const { performance, trial, clause } = failed;
  const { pacts } = performance.flow;
  const shrunk = await search(failed, options);
  const { workload, rate, control, runs, ms, minimal, told } = shrunk;
  // How it failed when it was found counts, too: of what never failed again that is all that is known.
  const same = workload === performance.workload;
  return {
    minimised: {
      of: trial.header.id,
      clause,
      workload,
      ...(pacts === undefined || workload.messages.every(({ pact }) => pact === undefined) ? {} : { pacts }),
      before: sizeOf(failed.before ?? performance.workload),
      after: sizeOf(workload),
      rate: same ? { failed: rate.failed + 1, tried: rate.tried + 1 } : rate,
      ...(control === undefined ? {} : { control }),
      runs,
      durationMs: ms,
      minimal,
    },
    trial: told ?? trial,
  };
}

function search(failed: Failed, options: MinimiseOptions): Promise<Shrunk<JournalTrial>> {
  const { performance, trial, clause } = failed;
  const { stage, healthy, width, budget, signal, onProgress } = options;
  const anew = stage.with({ lives: undefined });
  const finding = failureIn(stage, trial, clause);
  return shrink<JournalTrial>({
    workload: performance.workload,
    concerned: new Set(finding?.failures.slice(0, 1).flatMap((failure) => [...messagesOf(failure, trial.history)])),
    attempt: (workload, over) => attempt(stage, { ...performance, workload, again: true }, clause, over),
    // What is left is confirmed by adapters that have met nothing else.
    confirm: (workload, over) => attempt(anew, { ...performance, workload }, clause, over),
    ...(healthy === undefined
      ? {}
      : {
          control: async (workload, over) =>
            (await attempt(healthy, { ...performance, workload }, clause, over))?.failed === false,
        }),
    // Somebody else's bus has one account: one trial after another.
    width: stage.bus.runtime === 'external' ? 1 : width,
    budget,
    now: startClock().now,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

async function attempt(
  stage: Stage,
  performance: Performance,
  clause: ClauseId,
  signal: AbortSignal,
): Promise<Tried<JournalTrial> | undefined> {
  try {
    const trial = await stage.perform(performance, signal);
    return { failed: failureIn(stage, trial, clause) !== undefined, told: trial };
  } catch (cause) {
    if (signal.aborted) return undefined;
    // Contents that no schema allows, an adapter that did not start in time: this performance says nothing. A bus that has gone does.
    if (cause instanceof Problem && !stage.bus.failure.aborted) return undefined;
    throw cause;
  }
}
