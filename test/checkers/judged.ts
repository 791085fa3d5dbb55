import { Judgement } from '../../harness/checkers/judgement.ts';
import { trialOf, type Trial } from '../../harness/checkers/trial.ts';
import type { ClauseId } from '../../harness/model/clause.ts';
import type { Flow } from '../../harness/model/flow.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { contractOf, historyOf, type Rows } from './build.ts';
import { worldOf } from './world.ts';

/** What one part of a checker, by itself, says of a history that was seen whole, in which these rows stand in place of all others. */
export function judged(
  flow: Flow,
  rows: Partial<Rows>,
  clause: ClauseId,
  judge: (trial: Trial, judgement: Judgement) => void,
): Finding {
  const contract = contractOf(flow);
  const frame = worldOf(flow);
  frame.world.finish();
  const trial = trialOf(contract, historyOf({ ...frame.rows, ...rows }));
  const judgement = new Judgement(contract, trial, clause);
  judge(trial, judgement);
  return judgement.finding();
}

/** A timer and a bus that were in time, watched from the start for so many milliseconds, a row each second. */
export const steadyLag = (untilMs: number): PartialRow<'lag'>[] =>
  Array.from({ length: Math.ceil(untilMs / 1000) }, (_, second) => ({
    at: (second + 1) * 1000,
    intervalMs: 1000,
    worstMs: 0,
    busMs: 0,
    processorMs: 100,
    loopMs: 100,
  }));
