import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { givenBack, pairOf } from './negative-acknowledgements.ts';
import { named } from './refusal.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { lagBetween, raceMs, unreadBetween } from './timing.ts';
import type { Trial } from './trial.ts';
import { IN_PROGRESS, OK } from './words.ts';

/** How long an adapter waits for its application's answer. */
export const timeLimitMs = (trial: Trial): number => (trial.flow.ackWaitMs ?? Infinity) / 2;

/** How long it waits for sure: a tenth less, for what the way takes. */
export const patienceMs = (trial: Trial): number => timeLimitMs(trial) * 0.9;

/**
 * Whether an adapter had heard, by a moment, the answer to a handing-over. It cannot be said where it gave the message back when its
 * time limit was over: on a busy machine the answer may have come too late, or have waited to be read. One that gives back at once
 * what it was answered has heard.
 *
 * Relies on `delivery.at`, `.done`, `.outcome`, on negative acknowledgements, `stored.storedAt`, and on `lag`.
 */
export function heardBy(trial: Trial, row: number, by: number): 'yes' | 'no' | 'cannot-say' {
  const { at, done, outcome } = trial.history.delivery.columns;
  const [began, ended] = [at[row] ?? 0, done[row] ?? 0];
  if (outcome[row] !== OK || ended > by || ended - began >= patienceMs(trial)) return 'no';
  return mayHaveGivenUp(trial, row, by) ? 'cannot-say' : 'yes';
}

/** Whether the harness lagged for so long at a stretch, between two moments, that an adapter may have run into its time limits by that alone. */
export const starvedBetween = (trial: Trial, from: number, to: number): boolean =>
  lagBetween(trial, from, to).worstMs >= patienceMs(trial) / 2;

/** Why it cannot be said whether an adapter heard. */
export const gaveUpPerhaps = (trial: Trial, application: string, message: number): string =>
  `the adapter of ${application} may have given up waiting for the answer to ${named(trial, message)}`;

/** Whether a message was first given back, by a moment, when the time limit of a handing-over may have been over. */
export function mayHaveGivenUp(trial: Trial, row: number, by: number): boolean {
  const { delivery, acknowledgement } = trial.history;
  const message = delivery.columns.message[row] ?? NONE;
  const began = delivery.columns.at[row] ?? 0;
  const times = acknowledgement.columns.at;
  const back = givenBack(trial).get(pairOf(trial, message, handovers(trial).receiver[row] ?? NONE)) ?? [];
  if (readTooLate(trial, row, back)) return true;
  const first = back.find((at) => (times[at] ?? 0) >= began);
  const at = first === undefined ? Infinity : (times[first] ?? 0);
  if (first === undefined || at > by + raceMs) return false;
  // It cannot have waited for longer than it had the message.
  if (at - hadSince(trial, message, first, began) < patienceMs(trial)) return false;
  return at - began >= patienceMs(trial) - unreadBetween(trial, Math.max(0, began - timeLimitMs(trial)), at);
}

/**
 * Whether what an adapter POSTed was read only when it had given the message back already: it gave back more often than it had handed over
 * by then, and the harness lagged for as long since, or the two ways met.
 */
function readTooLate(trial: Trial, row: number, back: readonly number[]): boolean {
  const { at, message } = trial.history.delivery.columns;
  const times = trial.history.acknowledgement.columns.at;
  const { byMessage, receiver } = handovers(trial);
  const began = at[row] ?? 0;
  const handed = [...rowsOf(byMessage, message[row] ?? NONE)].filter(
    (other) => receiver[other] === receiver[row] && (at[other] ?? 0) < began,
  );
  const before = back.map((place) => times[place] ?? 0).filter((time) => time < began);
  const last = before.at(-1);
  if (last === undefined || before.length <= handed.length) return false;
  return began - last <= unreadBetween(trial, Math.max(0, last - timeLimitMs(trial)), began) + raceMs;
}

/**
 * The earliest time at which an adapter can have had a message that it was handing over at a moment: since it was stored or given back
 * before, and where a consumer gives out one at a time, since the one before was settled.
 */
function hadSince(trial: Trial, message: number, back: number, began: number): number {
  const { at, consumer, sequence, verb } = trial.history.acknowledgement.columns;
  const inTurn = trial.flow.pattern === 'ordered-stream';
  let since = Math.min(...[...rowsOf(storedRows(trial).byMessage, message)].map((place) => storedTime(trial, place)));
  for (const [row, time] of at.entries()) {
    const same = consumer[row] === consumer[back] && (inTurn || sequence[row] === sequence[back]);
    // Who says that it is at work has it already.
    if (same && time < began && verb[row] !== IN_PROGRESS) since = Math.max(since, time);
  }
  return since;
}
