import { consumersOfReceiver } from '../model/names.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowAt, tableShapes, type RowOf } from '../model/history.ts';
import { partitionOf } from './entitlement.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { disturbed, wasReady } from './lives.ts';
import { storedRows } from './stored-rows.ts';
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
  const { history, flow } = trial;
  const { what, reached, at, done } = history.wait.columns;
  const last = what.lastIndexOf(drain);
  const [from, to] = [at[last] ?? 0, done[last] ?? 0];
  const application = trial.receivers[receiver] ?? '';
  if (last < 0 || reached[last] !== NO || to - from < askWithinMs || history.problem.length > 0) return undefined;
  if (!wasReady(trial, application, from) || disturbed(trial, application, from, to)) return undefined;
  if (lagBetween(trial, from, to).worstMs >= askWithinMs / 10) return undefined;
  const own = flow.receivers.find((each) => each.application === application);
  const partition = partitionAt(trial, place);
  const name = own === undefined ? undefined : consumersOfReceiver(flow, own)[partition]?.name;
  const row = history.consumerState.columns.consumer.lastIndexOf(history.texts.find(name ?? ''));
  if (name === undefined || row < 0) return undefined;
  const state = rowAt(history, 'consumerState', row);
  if (state.pending === 0 || state.ackPending > 0 || state.delivered >= sequenceAt(trial, place)) return undefined;
  const took = handovers(trial).rows.some(
    (each) =>
      handovers(trial).receiver[each] === receiver &&
      (history.delivery.columns.at[each] ?? 0) > from &&
      [...rowsOf(storedRows(trial).byMessage, history.delivery.columns.message[each] ?? NONE)].some(
        (other) => partitionAt(trial, other) === partition,
      ),
  );
  return took ? undefined : { row, state, waitedMs: to - from };
}

const partitionAt = (trial: Trial, place: number): number =>
  partitionOf(trial, trial.history.stored.columns.subject[storedRows(trial).rows[place] ?? 0] ?? 0);

const sequenceAt = (trial: Trial, place: number): number =>
  trial.history.stored.columns.sequence[storedRows(trial).rows[place] ?? 0] ?? 0;
