import { NONE } from '../model/table.ts';
import { groupRows, rowsOf, sortedRows, type Groups } from './groups.ts';
import { memo } from './memo.ts';
import type { Trial } from './trial.ts';

export interface Keys {
  /** Planned message → number of its ordering key, from 0; NONE for a message of another flow. */
  readonly of: Uint32Array;
  readonly count: number;
}

/** Relies on `planned.key`, `.sequence`, `.flow`. */
export const keys = memo((trial: Trial): Keys => {
  const { planned, texts } = trial.history;
  const numbers = new Uint32Array(texts.length).fill(NONE);
  const of = new Uint32Array(planned.length).fill(NONE);
  let count = 0;
  for (let message = 0; message < planned.length; message++) {
    if (planned.columns.flow[message] !== trial.flowText) continue;
    const key = planned.columns.key[message] ?? 0;
    if (numbers[key] === NONE) numbers[key] = count++;
    of[message] = numbers[key] ?? 0;
  }
  return { of, count };
});

/** Key → its messages in rising sequence. */
const bySequence = memo((trial: Trial): Groups => {
  const { of, count } = keys(trial);
  return groupRows(
    of,
    count,
    sortedRows(trial.history.planned.columns.sequence, () => true),
  );
});

/** The messages of a key that have one sequence. */
export function messagesWith(trial: Trial, key: number, sequence: number): readonly number[] {
  const column = trial.history.planned.columns.sequence;
  const messages = rowsOf(bySequence(trial), key);
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[messages[middle] ?? 0] ?? 0) < sequence) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (let at = low; at < messages.length && column[messages[at] ?? 0] === sequence; at++)
    found.push(messages[at] ?? 0);
  return found;
}
