import { NONE } from '../model/table.ts';
import { identities } from './identity.ts';
import { memo } from './memo.ts';
import type { Trial } from './trial.ts';
import { FAIL, INJECTED_EVENT, isSuccess, OK, YES } from './words.ts';
import type { TableName } from '../model/history.ts';

/** One putting of an event onto the bus, as the harness saw it from outside: it happened at some time from `at` to `done`. */
export interface Publish {
  readonly table: TableName & ('send' | 'injection');
  readonly row: number;
  readonly message: number;
  readonly at: number;
  readonly done: number;
  /** It was acknowledged for sure. */
  readonly sure: boolean;
  /** The bus called it a duplicate; only an injection is told. */
  readonly duplicate: boolean;
}

/**
 * Identity → its publishes in the order of their times, for identities that were published more than once.
 * Relies on `send.at`, `.done`, `.status`, and `injection.at`, `.done`, `.outcome`, `.duplicate`.
 */
export const repeatedPublishes = memo((trial: Trial): ReadonlyMap<number, readonly Publish[]> => {
  const { send, injection, planned } = trial.history;
  const { of } = identities(trial);
  const times = new Uint8Array(planned.length);
  const relevant = (message: number): number => of[message] ?? NONE;
  const countOne = (message: number): void => {
    const identity = relevant(message);
    if (identity !== NONE) times[identity] = Math.min(2, (times[identity] ?? 0) + 1);
  };
  for (let row = 0; row < send.length; row++) countOne(send.columns.message[row] ?? NONE);
  for (let row = 0; row < injection.length; row++) {
    if (injection.columns.what[row] === INJECTED_EVENT) countOne(injection.columns.message[row] ?? NONE);
  }
  const found = new Map<number, Publish[]>();
  const add = (publish: Publish): void => {
    const identity = relevant(publish.message);
    if (identity === NONE || times[identity] !== 2) return;
    const list = found.get(identity) ?? [];
    found.set(identity, list);
    list.push(publish);
  };
  for (let row = 0; row < send.length; row++) {
    const { message, at, done, status } = send.columns;
    const answer = status[row] ?? 0;
    if (answer >= 400 && answer < 500 && answer !== 409) continue;
    add({
      table: 'send',
      row,
      message: message[row] ?? NONE,
      at: at[row] ?? 0,
      done: done[row] ?? 0,
      sure: isSuccess(answer),
      duplicate: false,
    });
  }
  for (let row = 0; row < injection.length; row++) {
    const { message, at, done, what, outcome, duplicate } = injection.columns;
    if (what[row] !== INJECTED_EVENT || outcome[row] === FAIL) continue;
    add({
      table: 'injection',
      row,
      message: message[row] ?? NONE,
      at: at[row] ?? 0,
      done: done[row] ?? 0,
      sure: outcome[row] === OK,
      duplicate: duplicate[row] === YES,
    });
  }
  for (const list of found.values()) list.sort((a, b) => a.at - b.at);
  return found;
});
