import { NONE } from '../model/table.ts';
import { hasReceiver } from './handovers.ts';
import { wasReceived } from './excuse.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { named } from './refusal.ts';
import { settlements, OPEN } from './settlements.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { lateness } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { wireRows } from './wire-rows.ts';

/** How long an adapter has, from the moment at which it may connect again, until all of its consumers are read. */
const backWithinMs = 5000;

/**
 * After its connection was cut an adapter connects again, and reads every consumer that it read before. Put to the test by each message
 * that the bus stored for it since.
 *
 * Relies on `fault` (cut: `.done`), `wire` (connect, delivery), `stored`, `acknowledgement`, `advisory`, `wait` (the last: how long was
 * waited), `lifecycle`, `lag`.
 */
export function judgeReturning(trial: Trial, judgement: Judgement): void {
  const { fault, texts } = trial.history;
  const { at, done, kind, target } = fault.columns;
  for (let cut = 0; cut < fault.length; cut++) {
    if (texts.at(kind[cut] ?? 0) !== 'cut') continue;
    const application = texts.at(target[cut] ?? 0);
    const receiver = trial.receivers.indexOf(application);
    if (receiver >= 0)
      judgeCut(trial, { cut, application, receiver, from: at[cut] ?? 0, until: done[cut] ?? 0 }, judgement);
  }
}

interface Cut {
  /** Row of `fault`. */
  readonly cut: number;
  readonly application: string;
  readonly receiver: number;
  readonly from: number;
  /** From here on it may connect again. */
  readonly until: number;
}

function judgeCut(trial: Trial, { cut, application, receiver, from, until }: Cut, judgement: Judgement): void {
  const seen = storedRows(trial);
  const { wire } = trial.history;
  const { end } = settlements(trial);
  const delivered = new Map<number, number>();
  for (const hold of wireRows(trial).holds)
    if (hold.place === receiver && hold.from > from && !delivered.has(hold.sequence))
      delivered.set(hold.sequence, hold.delivery);
  const watchedUntil = lastWait(trial);
  if (!livedOn(trial, application, 0, from, Math.min(watchedUntil, until + backWithinMs))) return;
  for (let place = 0; place < seen.rows.length; place++) {
    const stored = seen.rows[place] ?? 0;
    const when = storedTime(trial, place);
    const message = seen.message[place] ?? NONE;
    if (when <= from || message === NONE || !hasReceiver(seen.entitled[place] ?? 0, receiver)) continue;
    const due = Math.max(when, until);
    const delivery = delivered.get(trial.history.stored.columns.sequence[stored] ?? NONE);
    const came = delivery === undefined ? undefined : (wire.columns.at[delivery] ?? 0);
    const isOpen = end[place * trial.receivers.length + receiver] === OPEN && !wasReceived(trial, message, receiver);
    // What was settled without a delivery that the relay saw is another's matter.
    if (came === undefined && !isOpen) continue;
    judgement.exercise();
    const said = lateness(trial, due, came ?? watchedUntil, backWithinMs);
    if (said === 'in-time') {
      if (came === undefined) judgement.undecide(`nobody waited ${backWithinMs} ms for ${application} to come back`);
      continue;
    }
    if (said === 'cannot-say') {
      judgement.lag(`the harness's timer lagged while ${application} was to come back`);
      continue;
    }
    judgement.fail(() => ({
      application,
      expected: `${application} to read every consumer again within ${backWithinMs} ms of when it could connect again`,
      observed:
        came === undefined
          ? `${named(trial, message)} was not given to it in ${(watchedUntil - due).toFixed(0)} ms`
          : `${named(trial, message)} was given to it after ${(came - due).toFixed(0)} ms`,
      evidence: rows(['fault', cut], ['stored', stored], ['wire', delivery]),
    }));
  }
}

/** Until when the trial waited for what was to come. */
function lastWait(trial: Trial): number {
  const { done } = trial.history.wait.columns;
  return done.reduce((latest, at) => Math.max(latest, at), 0);
}
