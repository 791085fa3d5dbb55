import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { storedRows } from './stored-rows.ts';
import type { Trial } from './trial.ts';
import type { Hold } from './wire-rows.ts';

/** The planned message that an instance was given; NONE for one that nobody planned. */
export function heldMessage(trial: Trial, { sequence }: Hold): number {
  const seen = storedRows(trial);
  return seen.message[seen.placeOf(sequence)] ?? NONE;
}

/** Rows of `delivery` in which the instance handed over what it held, while it did, or up to a moment before. */
export function handedWhileHeld(trial: Trial, hold: Hold, until = hold.to): readonly number[] {
  const message = heldMessage(trial, hold);
  if (message === NONE) return [];
  const { at, instance } = trial.history.delivery.columns;
  const { byMessage, receiver } = handovers(trial);
  return [...rowsOf(byMessage, message)].filter(
    (own) =>
      receiver[own] === hold.place &&
      instance[own] === hold.instance &&
      (at[own] ?? 0) >= hold.from &&
      (at[own] ?? 0) <= until,
  );
}
