import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import { givenBack, pairOf } from './negative-acknowledgements.ts';
import { named } from './refusal.ts';
import { lagBetween, raceMs } from './timing.ts';
import type { Trial } from './trial.ts';
import { OK } from './words.ts';

/** How long an adapter waits for its application's answer. */
const timeLimitMs = (trial: Trial): number => (trial.flow.ackWaitMs ?? Infinity) / 2;

/** How long it waits for sure: a tenth less, for what the way takes. */
export const patienceMs = (trial: Trial): number => timeLimitMs(trial) * 0.9;

/**
 * Whether an adapter had heard, by a moment, the answer to a handing-over. It cannot be said where it gave the message back when its
 * time limit was over: on a busy machine the answer may have come too late, or have waited to be read. One that gives back at once
 * what it was answered has heard.
 *
 * Relies on `delivery.at`, `.done`, `.outcome`, on negative acknowledgements, and on `lag`.
 */
export function heardBy(trial: Trial, row: number, by: number): 'yes' | 'no' | 'cannot-say' {
  const { at, done, outcome } = trial.history.delivery.columns;
  const [began, ended] = [at[row] ?? 0, done[row] ?? 0];
  if (outcome[row] !== OK || ended > by || ended - began >= patienceMs(trial)) return 'no';
  return mayHaveGivenUp(trial, row, by) ? 'cannot-say' : 'yes';
}

/** Why it cannot be said whether an adapter heard. */
export const gaveUpPerhaps = (trial: Trial, application: string, message: number): string =>
  `the adapter of ${application} may have given up waiting for the answer to ${named(trial, message)}`;

/** Whether a message was first given back, by a moment, when the time limit of a handing-over may have been over. */
export function mayHaveGivenUp(trial: Trial, row: number, by: number): boolean {
  const { at, message } = trial.history.delivery.columns;
  const began = at[row] ?? 0;
  const receiver = handovers(trial).receiver[row] ?? NONE;
  const times = givenBack(trial).get(pairOf(trial, message[row] ?? NONE, receiver)) ?? [];
  const first = times.find((time) => time >= began);
  if (first === undefined || first > by + raceMs) return false;
  // What the adapter POSTed may have waited to be read for as long as the harness's timer lagged.
  const { worstMs } = lagBetween(trial, Math.max(0, began - timeLimitMs(trial)), first);
  return first - began >= patienceMs(trial) - worstMs;
}
