import { consumersOfReceiver } from '../model/names.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowAt, tableShapes, type RowOf } from '../model/history.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { disturbed, wasReady } from './lives.ts';
import { memo } from './memo.ts';
import { partitionAt, storedRows } from './stored-rows.ts';
import { lagBetween } from './timing.ts';
import type { Trial } from './trial.ts';
import { NO } from './words.ts';

/** Within so many milliseconds an adapter asks for what waits for it: as long as it has after it was cut off (L1 of ADAPTERS.md). */
const askWithinMs = 5000;

const drain = codeOf(tableShapes.wait.what, 'drain');

/** A consumer at drain, and for how many milliseconds nobody had asked it for what it held. */
export interface LeftWaiting {
  readonly row: number;
  readonly state: RowOf<'consumerState'>;
  readonly waitedMs: number;
}

/**
 * The consumer that holds a stored message, where its adapter was there and ready through all of the last wait for the drain, had nothing in
 * hand, and took nothing from it: whatever else the history does not tell, it does not read that consumer.
 *
 * Relies on `wait`, `consumerState`, `delivery`, `lifecycle`, `problem`, `lag`.
 */
export function leftWaiting(trial: Trial, place: number, receiver: number): LeftWaiting | undefined {
  const found = unread(trial).get(nameOf(receiver, partitionAt(trial, place)));
  const sequence = trial.history.stored.columns.sequence[storedRows(trial).rows[place] ?? 0] ?? 0;
  return found === undefined || found.state.delivered >= sequence ? undefined : found;
}

/** `<receiver> <partition>` of every consumer that nobody read at the end. */
const unread = memo((trial: Trial): ReadonlyMap<string, LeftWaiting> => {
  const { history, flow } = trial;
  const { what, reached, at, done } = history.wait.columns;
  const last = what.lastIndexOf(drain);
  const [from, to] = [at[last] ?? 0, done[last] ?? 0];
  const found = new Map<string, LeftWaiting>();
  if (last < 0 || reached[last] !== NO || to - from < askWithinMs || history.problem.length > 0) return found;
  if (lagBetween(trial, from, to).worstMs >= askWithinMs / 10) return found;
  const read = readSince(trial, from);
  for (const [receiver, application] of trial.receivers.entries()) {
    if (!wasReady(trial, application, from) || disturbed(trial, application, from, to)) continue;
    const own = flow.receivers.find((each) => each.application === application);
    for (const [partition, { name }] of (own === undefined ? [] : consumersOfReceiver(flow, own)).entries()) {
      const row = history.consumerState.columns.consumer.lastIndexOf(history.texts.find(name));
      if (row < 0 || read.has(nameOf(receiver, partition))) continue;
      const state = rowAt(history, 'consumerState', row);
      if (state.pending > 0 && state.ackPending === 0)
        found.set(nameOf(receiver, partition), { row, state, waitedMs: to - from });
    }
  }
  return found;
});

/** `<receiver> <partition>` of every consumer of which something was handed over after a moment. */
function readSince(trial: Trial, from: number): ReadonlySet<string> {
  const { at, message } = trial.history.delivery.columns;
  const { rows, receiver } = handovers(trial);
  const { byMessage } = storedRows(trial);
  return new Set(
    [...rows]
      .filter((row) => (at[row] ?? 0) > from)
      .flatMap((row) =>
        [...rowsOf(byMessage, message[row] ?? NONE)].map((place) =>
          nameOf(receiver[row] ?? NONE, partitionAt(trial, place)),
        ),
      ),
  );
}

const nameOf = (receiver: number, partition: number): string => `${String(receiver)} ${String(partition)}`;
