import type { Checker } from '../model/verdict.ts';
import { judgeHolders } from './holders.ts';
import { Judgement } from './judgement.ts';
import { judgeRetries } from './retries.ts';
import { trialOf } from './trial.ts';

/** What only the wire between adapter and bus shows: how publishes are retried, and who holds a work item. */
export const wire: Checker = {
  name: 'wire',
  clauses: ['DEL-2', 'DEL-4'],
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [retries, holders] = [new Judgement(contract, trial, 'DEL-2'), new Judgement(contract, trial, 'DEL-4')];
    const { flow } = trial;
    if (contract.unobserved?.includes('wire') === true) {
      for (const judgement of [retries, holders])
        judgement.note('without the relay nobody sees what adapters say to the bus');
    } else if (flow.stream !== undefined && flow.delivery === 'at-least-once') {
      judgeRetries(trial, retries);
      if (flow.pattern === 'work-queue') judgeHolders(trial, holders);
    }
    return [retries.finding(), holders.finding()];
  },
};
