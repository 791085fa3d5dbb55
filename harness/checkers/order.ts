import type { Checker } from '../model/verdict.ts';
import { judgeGaps } from './gaps-in-order.ts';
import { Judgement } from './judgement.ts';
import { judgeKeptFirst } from './kept-sequences.ts';
import { judgeLastValues } from './last-value-order.ts';
import { judgeKeyOrder } from './key-order.ts';
import { judgePoison } from './poison.ts';
import { trialOf } from './trial.ts';

const clauses = ['ORD-1', 'ORD-2', 'ORD-3', 'ORD-4'] as const;

/** Order: of each key, across a gap, beside a poison message, and of last values. */
export const order: Checker = {
  name: 'order',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [ord1, ord2, ord3, ord4] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
      Judgement,
    ];
    if (trial.flow.pattern === 'ordered-stream') {
      judgeKeyOrder(trial, ord1);
      if (trial.flow.gap !== undefined) judgeGaps(trial, ord2);
      if (trial.flow.state !== undefined) judgeKeptFirst(trial, ord2);
      judgePoison(trial, ord3, contract.clauses.includes('ORD-3'));
    }
    if (trial.flow.pattern === 'last-value') judgeLastValues(trial, ord4);
    return [ord1, ord2, ord3, ord4].map((judgement) => judgement.finding());
  },
};
