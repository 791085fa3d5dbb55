import { NONE } from '../model/table.ts';
import { handovers, receiversIn } from './handovers.ts';
import { gaveUpPerhaps, heardBy, mayHaveGivenUp } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { named } from './refusal.ts';
import { OPEN, settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { raceMs } from './timing.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { isSuccess } from './words.ts';

/**
 * At most once, where nothing comes again: what an application has taken is acknowledged, or the bus holds it for lost and keeps a dead
 * letter of it.
 *
 * Relies on `stored`, `acknowledgement`, `advisory`, `delivery`, `lifecycle`, `fault`, `lag`.
 */
export function judgeUnacknowledged(trial: Trial, judgement: Judgement): void {
  const seen = storedRows(trial);
  const { end, exhausted } = settlements(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const cell = place * trial.receivers.length + receiver;
      if (end[cell] !== OPEN || exhausted[cell] === NONE) continue;
      const taken = takenAndHeard(trial, cell, message, judgement);
      if (taken === NONE) continue;
      judgement.fail(() => ({
        application: receiverAt(trial, receiver),
        expected: `${named(trial, message)}, which its application took, to be acknowledged`,
        observed: 'it never was, so that the bus holds it for lost',
        evidence: rows(['stored', seen.rows[place]], ['delivery', taken], ['advisory', exhausted[cell]]),
      }));
    }
  }
}

/**
 * The handing-over by which a message was taken whose attempts were used up all the same, though the adapter lived on, heard of it
 * in time, and nothing stood between it and the bus; NONE for none.
 */
export function takenAndHeard(trial: Trial, cell: number, message: number, judgement: Judgement): number {
  const { advisory, delivery, fault } = trial.history;
  if (message === NONE || fault.length > 0) return NONE;
  const receiver = cell % trial.receivers.length;
  const until = advisory.columns.at[settlements(trial).exhausted[cell] ?? NONE] ?? 0;
  const taken = handovers(trial).accepted[message * trial.receivers.length + receiver] ?? NONE;
  if (taken === NONE || !isSuccess(delivery.columns.status[taken] ?? 0)) return NONE;
  const application = receiverAt(trial, receiver);
  const instance = delivery.columns.instance[taken] ?? 0;
  if (!livedOn(trial, application, instance, delivery.columns.at[taken] ?? 0, until)) return NONE;
  if (heardBy(trial, taken, until - raceMs) === 'no') return NONE;
  // That attempts were used up follows from the giving back, whichever of the two was read first.
  if (!mayHaveGivenUp(trial, taken, Infinity)) return taken;
  judgement.lag(gaveUpPerhaps(trial, application, message));
  return NONE;
}
