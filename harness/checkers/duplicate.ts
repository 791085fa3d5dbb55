import type { Checker } from '../model/verdict.ts';
import { judgeConflicts } from './conflicts.ts';
import { judgeEffects } from './effects.ts';
import { Judgement } from './judgement.ts';
import { judgeKeptOnce } from './kept-sequences.ts';
import { judgePatience } from './patience.ts';
import { trialOf } from './trial.ts';
import { judgeMessageIds, judgeWindow } from './window.ts';

const clauses = ['DUP-1', 'DUP-2', 'DUP-3'] as const;

/** Duplicates: stored once, one effect, and never the same id for other content. */
export const duplicate: Checker = {
  name: 'duplicate',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [dup1, dup2, dup3] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
    ];
    if (trial.flow.stream !== undefined) {
      if (trial.flow.dedupeWindowMs !== undefined) {
        judgeWindow(trial, trial.flow.dedupeWindowMs, dup1);
        judgeMessageIds(trial, dup1);
        judgeConflicts(trial, trial.flow.dedupeWindowMs, dup3);
      }
      if (trial.flow.delivery === 'at-least-once') {
        judgeEffects(trial, dup2);
        judgePatience(trial, dup2);
      }
      if (trial.flow.state !== undefined) judgeKeptOnce(trial, dup2);
    }
    return [dup1, dup2, dup3].map((judgement) => judgement.finding());
  },
};
