import { NONE } from '../model/table.ts';
import { groupRows, sortedRows, type Groups } from './groups.ts';
import { memo } from './memo.ts';
import { receiverPlaces, type Trial } from './trial.ts';
import { FAIL, INFO, isRejection, isSuccess, YES } from './words.ts';

/** No receiver of the flow. */
export const STRANGER = 255;

/** Handings-over of the flow's events. Arrays `by pair` are indexed `message * receivers + receiver`; rows are of `delivery`. */
export interface Handovers {
  /** Rows of the flow, in the order of their times. */
  readonly rows: Uint32Array;
  /** Table row → place of its receiver, or STRANGER. */
  readonly receiver: Uint8Array;
  readonly byMessage: Groups;
  /** By pair: the first row; the first accepted one; the first that the application refused for good; how many. */
  readonly first: Uint32Array;
  readonly accepted: Uint32Array;
  readonly rejected: Uint32Array;
  readonly count: Uint32Array;
}

/** Relies on `delivery.at`, `.message`, `.flow`, `.application`, `.status`, `.outcome`, `.effect`. */
export const handovers = memo((trial: Trial): Handovers => {
  const { delivery, planned } = trial.history;
  const { at, flow, message, application, status } = delivery.columns;
  const places = receiverPlaces(trial);
  const width = trial.receivers.length;
  const pairs = planned.length * width;
  const rows = sortedRows(at, (row) => flow[row] === trial.flowText || (flow[row] === 0 && message[row] === NONE));
  const receiver = new Uint8Array(delivery.length).fill(STRANGER);
  const first = new Uint32Array(pairs).fill(NONE);
  const accepted = new Uint32Array(pairs).fill(NONE);
  const rejected = new Uint32Array(pairs).fill(NONE);
  const count = new Uint32Array(pairs);
  let lastText = NONE;
  let lastPlace = STRANGER;
  for (const row of rows) {
    const text = application[row] ?? 0;
    if (text !== lastText) {
      lastText = text;
      lastPlace = places.get(text) ?? STRANGER;
    }
    receiver[row] = lastPlace;
    const of = message[row] ?? NONE;
    if (of === NONE || lastPlace === STRANGER) continue;
    const pair = of * width + lastPlace;
    count[pair] = (count[pair] ?? 0) + 1;
    if (first[pair] === NONE) first[pair] = row;
    if (isAccepted(trial, row)) {
      if (accepted[pair] === NONE) accepted[pair] = row;
    } else if (rejected[pair] === NONE && isRejection(status[row] ?? 0)) rejected[pair] = row;
  }
  return { rows, receiver, byMessage: groupRows(message, planned.length, rows), first, accepted, rejected, count };
});

/** Whether the application has taken the event: as an effect, or by a 2xx that it gave for sure. */
export function isAccepted(trial: Trial, row: number): boolean {
  const { status, outcome, effect } = trial.history.delivery.columns;
  if (effect[row] === YES) return true;
  return isSuccess(status[row] ?? 0) && outcome[row] !== INFO && outcome[row] !== FAIL;
}

/** The receivers in a mask, as their places. */
export function* receiversIn(mask: number): Generator<number> {
  for (let place = 0, rest = mask; rest !== 0; place++, rest >>>= 1) if ((rest & 1) === 1) yield place;
}

export const hasReceiver = (mask: number, receiver: number): boolean => ((mask >>> receiver) & 1) === 1;
