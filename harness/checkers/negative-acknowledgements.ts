import { NONE } from '../model/table.ts';
import { memo } from './memo.ts';
import { storedRows } from './stored-rows.ts';
import { receiverPlaces, type Trial } from './trial.ts';
import { NAK } from './words.ts';

export interface NegativeAcknowledgement {
  /** Row of `acknowledgement`. */
  readonly at: number;
  /** NONE where it is of a stored message that nobody planned. */
  readonly message: number;
  readonly receiver: number;
}

/** Relies on `acknowledgement` (`.verb`, `.stream`, `.sequence`, `.consumer`, `.application`), in the order of its rows. */
export const negativeAcknowledgements = memo((trial: Trial): readonly NegativeAcknowledgement[] => {
  const { acknowledgement } = trial.history;
  const { verb, stream, sequence, consumer, application } = acknowledgement.columns;
  const seen = storedRows(trial);
  const places = receiverPlaces(trial);
  const found: NegativeAcknowledgement[] = [];
  for (let at = 0; at < acknowledgement.length; at++) {
    if (verb[at] !== NAK || stream[at] !== trial.streamText) continue;
    const place = seen.placeOf(sequence[at] ?? 0);
    const receiver = places.get(consumer[at] ?? 0) ?? places.get(application[at] ?? 0);
    if (place === NONE || receiver === undefined) continue;
    found.push({ at, message: seen.message[place] ?? NONE, receiver });
  }
  return found;
});

/** Message and receiver as one number. */
export const pairOf = (trial: Trial, message: number, receiver: number): number =>
  message * trial.receivers.length + receiver;

/** Pair (message and receiver) → rows of `acknowledgement` by which the message was given back, in the order seen. */
export const givenBack = memo((trial: Trial): ReadonlyMap<number, readonly number[]> => {
  const found = new Map<number, number[]>();
  for (const { at, message, receiver } of negativeAcknowledgements(trial)) {
    if (message === NONE) continue;
    const pair = pairOf(trial, message, receiver);
    const list = found.get(pair) ?? [];
    found.set(pair, list);
    list.push(at);
  }
  return found;
});
