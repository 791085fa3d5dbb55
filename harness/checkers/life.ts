import type { ClauseId } from '../model/clause.ts';
import type { Checker } from '../model/verdict.ts';
import { judgeHealth } from './health.ts';
import { judgeHolding } from './holding.ts';
import { Judgement } from './judgement.ts';
import { judgeReturning } from './returning.ts';
import { judgeStops } from './stops.ts';
import { trialOf } from './trial.ts';
import { withoutRelay } from './words.ts';

/**
 * The life of an adapter: how it ends when it is told to, how it comes back when its connection is lost, what it says of its health, what it
 * holds at once.
 */
export const life: Checker = {
  name: 'life',
  clauses: ['LIF-1', 'LIF-2', 'LIF-3', 'LIF-4'],
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const judgementOf = (clause: ClauseId): Judgement => new Judgement(contract, trial, clause);
    const [stops, returning] = [judgementOf('LIF-1'), judgementOf('LIF-2')];
    const [health, holding] = [judgementOf('LIF-3'), judgementOf('LIF-4')];
    judgeStops(trial, stops);
    if (trial.flow.stream !== undefined && trial.flow.delivery === 'at-least-once') judgeReturning(trial, returning);
    judgeHealth(trial, health);
    if (trial.flow.bucket !== undefined) {
      if (history.wire.length === 0 || contract.unobserved?.includes('wire') === true) holding.note(withoutRelay);
      else judgeHolding(trial, holding);
    }
    return [stops, returning, health, holding].map((judgement) => judgement.finding());
  },
};
