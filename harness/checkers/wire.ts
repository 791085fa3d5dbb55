import type { ClauseId } from '../model/clause.ts';
import type { Checker } from '../model/verdict.ts';
import { judgeDenials } from './denials.ts';
import { judgeHeldUp } from './held-up.ts';
import { judgeHolders } from './holders.ts';
import { judgeInboxes } from './inboxes.ts';
import { Judgement } from './judgement.ts';
import { judgeRetries } from './retries.ts';
import { trialOf } from './trial.ts';
import { withoutRelay } from './words.ts';

/** What only the wire between adapter and bus shows: how publishes are retried, who holds a work item, what the bus denies, and who listens to which inbox. */
export const wire: Checker = {
  name: 'wire',
  clauses: ['DEL-2', 'DEL-4', 'SEC-4'],
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const judgementOf = (clause: ClauseId): Judgement => new Judgement(contract, trial, clause);
    const [retries, holders, denials] = [judgementOf('DEL-2'), judgementOf('DEL-4'), judgementOf('SEC-4')];
    const { flow } = trial;
    judgeInboxes(trial, denials);
    if (contract.unobserved?.includes('denials') === true)
      denials.note('with the credentials of somebody else’s bus it is not the contract that says what is denied');
    else judgeDenials(trial, denials);
    if (contract.unobserved?.includes('wire') === true) {
      for (const judgement of [retries, holders, denials]) judgement.note(withoutRelay);
    } else if (flow.stream !== undefined && flow.delivery === 'at-least-once') {
      judgeRetries(trial, retries);
      judgeHeldUp(trial, retries);
      // A bundle is kept in hand for as long as its contents take: where a scenario has them take long.
      const keeps = flow.pattern === 'claim-check' && contract.clauses.includes('DEL-4');
      if (flow.pattern === 'work-queue' || keeps) judgeHolders(trial, holders);
    }
    return [retries, holders, denials].map((judgement) => judgement.finding());
  },
};
