import type { Checker } from '../model/verdict.ts';
import { Judgement } from './judgement.ts';
import { judgePactConsumer } from './pact-consumer.ts';
import { judgePactProvider } from './pact-provider.ts';
import { trialOf } from './trial.ts';

/** What consumers expect of providers, as their pacts say it, on both sides of the bus. */
export const contract: Checker = {
  name: 'contract',
  clauses: ['CON-1', 'CON-2'],
  check: (given, history) => {
    const trial = trialOf(given, history);
    const con1 = new Judgement(given, trial, 'CON-1');
    const con2 = new Judgement(given, trial, 'CON-2');
    judgePactProvider(trial, con1);
    judgePactConsumer(trial, con2);
    return [con1.finding(), con2.finding()];
  },
};
