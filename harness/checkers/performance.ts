import type { Checker } from '../model/verdict.ts';
import { Judgement } from './judgement.ts';
import { judgeObjective } from './objective.ts';
import { trialOf } from './trial.ts';

/** Objectives hold under load. */
export const performance: Checker = {
  name: 'performance',
  clauses: ['PER-1'],
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const per1 = new Judgement(contract, trial, 'PER-1');
    judgeObjective(trial, per1);
    return [per1.finding()];
  },
};
