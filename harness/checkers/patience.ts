import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import { timeLimitMs } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { lateness } from './timing.ts';
import { receiverAt, row, type Trial } from './trial.ts';
import { OK } from './words.ts';

/**
 * An adapter hangs up on an application that takes longer than its time limit: one that waits on may be told when the bus has given the
 * message to another already.
 *
 * Relies on `delivery.at`, `.done`, `.outcome` (`ok` where the adapter had not hung up), `lag`.
 */
export function judgePatience(trial: Trial, judgement: Judgement): void {
  const { at, done, message, outcome } = trial.history.delivery.columns;
  const handed = handovers(trial);
  const limitMs = timeLimitMs(trial);
  for (const own of handed.rows) {
    const of = message[own] ?? NONE;
    if (of === NONE || outcome[own] !== OK) continue;
    const [from, to] = [at[own] ?? 0, done[own] ?? 0];
    const said = lateness(trial, from, to, limitMs);
    if (said === 'in-time') continue;
    const application = receiverAt(trial, handed.receiver[own] ?? 0);
    if (said === 'cannot-say') {
      judgement.lag(`the harness's timer lagged while ${application} was asked to take ${named(trial, of)}`);
      continue;
    }
    judgement.fail(() => ({
      application,
      expected: `its adapter to wait for the answer to ${named(trial, of)} for half of the ack wait, ${limitMs.toFixed(0)} ms, and no longer`,
      observed: `it heard one after ${(to - from).toFixed(0)} ms`,
      evidence: [row('delivery', own)],
    }));
  }
}
