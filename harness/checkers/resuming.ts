import { NONE } from '../model/table.ts';
import { isExcused, wasReceived } from './excuse.ts';
import { owed } from './entitled-delivery.ts';
import { handovers, hasReceiver } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { downtimesOf } from './lives.ts';
import { named } from './refusal.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';

/**
 * What was stored while no instance of a subscriber lived reaches it after its restart.
 *
 * Relies on `lifecycle`, `stored.at`, `stored.storedAt` (where it is set), `delivery`.
 */
export function judgeResuming(trial: Trial, judgement: Judgement): void {
  const { delivery } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const masks = owed(trial);
  const { first } = handovers(trial);
  const width = trial.receivers.length;
  for (const [receiver, application] of trial.receivers.entries()) {
    const times = downtimesOf(trial, application).filter(({ to }) => to !== Infinity);
    if (times.length === 0) continue;
    for (let place = 0; place < seen.rows.length; place++) {
      const at = seen.rows[place] ?? 0;
      const when = storedTime(trial, place);
      const message = seen.message[place] ?? NONE;
      if (valid[message] !== 1 || !hasReceiver(masks[place] ?? 0, receiver)) continue;
      const away = times.find(({ from, to }) => when > from && when < to);
      if (away === undefined) continue;
      const handed = first[message * width + receiver] ?? NONE;
      if (wasReceived(trial, message, receiver)) {
        if ((delivery.columns.at[handed] ?? 0) >= away.from) judgement.exercise();
        continue;
      }
      if (isExcused(trial, place, receiver)) continue;
      judgement.exercise();
      judgement.lack(() => ({
        application,
        expected: `${named(trial, message)}, stored while ${application} was away, to reach it after its restart`,
        observed: 'it never did',
        evidence: rows(['stored', at], ['delivery', handed]),
      }));
    }
  }
}
