import type { Checker } from '../model/verdict.ts';
import { judgeAtMostOnce } from './at-most-once.ts';
import { judgeDurability } from './durability.ts';
import { judgeEntitlement } from './entitled-delivery.ts';
import { judgeExpiry } from './expiry.ts';
import { Judgement } from './judgement.ts';
import { judgeResuming } from './resuming.ts';
import { judgeSentOnce } from './sent-once.ts';
import { judgeSentStale } from './sent-stale.ts';
import { trialOf } from './trial.ts';
import { judgeUnknownOutcomes } from './unknown-outcomes.ts';
import { judgeUnacknowledged } from './unacknowledged.ts';

const clauses = ['DEL-1', 'DEL-3', 'DEL-5', 'DEL-6', 'DEL-7'] as const;

/** What was taken is kept, and reaches everybody who is entitled to it and nobody else, as often and as late as was promised. */
export const delivery: Checker = {
  name: 'delivery',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [del1, del3, del5, del6, del7] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
      Judgement,
      Judgement,
    ];
    if (trial.flow.stream !== undefined) judgeEntitlement(trial, del3);
    if (trial.flow.stream !== undefined && trial.flow.delivery === 'at-least-once') {
      judgeDurability(trial, del1);
      judgeUnknownOutcomes(trial, del1);
      judgeResuming(trial, del7);
    }
    if (trial.flow.delivery === 'at-most-once') judgeAtMostOnce(trial, del5);
    if (trial.flow.delivery === 'at-most-once' && trial.flow.stream !== undefined) {
      judgeSentOnce(trial, del5);
      judgeUnacknowledged(trial, del3);
    }
    if (trial.flow.expiryMs !== undefined) {
      judgeExpiry(trial, del6);
      judgeSentStale(trial, del6);
    }
    return [del1, del3, del5, del6, del7].map((judgement) => judgement.finding());
  },
};
