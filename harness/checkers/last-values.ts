import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import { memo } from './memo.ts';
import { RunningMaximum } from './running.ts';
import type { Trial } from './trial.ts';

/** Planned message → number of the thing whose last value it is: its type and key. */
export const lastValueNames = memo((trial: Trial): { readonly of: Uint32Array; readonly count: number } => {
  const { planned, texts } = trial.history;
  const { type, key } = planned.columns;
  const numbers = new Map<number, number>();
  const of = new Uint32Array(planned.length);
  for (let message = 0; message < planned.length; message++) {
    const name = (type[message] ?? 0) * texts.length + (key[message] ?? 0);
    let number = numbers.get(name);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(name, number);
    }
    of[message] = number;
  }
  return { of, count: numbers.size };
});

const handedValues = memo((trial: Trial): ReadonlyMap<number, RunningMaximum> => {
  const { planned, delivery } = trial.history;
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { of } = lastValueNames(trial);
  const found = new Map<number, RunningMaximum>();
  for (const row of handed.rows) {
    const message = delivery.columns.message[row] ?? NONE;
    const receiver = handed.receiver[row] ?? width;
    if (message === NONE || receiver >= width) continue;
    const name = (of[message] ?? 0) * width + receiver;
    const times = found.get(name) ?? new RunningMaximum();
    found.set(name, times);
    times.add(delivery.columns.at[row] ?? 0, planned.columns.time[message] ?? -Infinity);
  }
  return found;
});

/** The newest `ce-time` of the message's type and key that a receiver had been handed by a moment; -Infinity for none. */
export function newestHandedBy(trial: Trial, message: number, receiver: number, until: number): number {
  const name = (lastValueNames(trial).of[message] ?? 0) * trial.receivers.length + receiver;
  return handedValues(trial).get(name)?.by(until) ?? -Infinity;
}
