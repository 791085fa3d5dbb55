import { NONE } from '../model/table.ts';
import { entitlement, partitionOf } from './entitlement.ts';
import { groupRows, sortedRows, type Groups } from './groups.ts';
import { memo } from './memo.ts';
import { receiverPlaces, type Trial } from './trial.ts';
import { FAIL, INFO, INJECTED_EVENT, INJECTED_REPLAY, INJECTED_REPLY, OK, YES } from './words.ts';

/** How a stored message came onto the bus. `unsure`: the harness put this message there itself, and got no answer. */
export const SENT = 0;
export const INJECTED = 1;
export const REPLAYED = 2;
export const UNSURE = 3;

/** What the flow's stream held, one place a sequence in rising order; a place stands for a stored message in all arrays. */
export interface StoredRows {
  /** Rows of the table `stored`, by place. */
  readonly rows: Uint32Array;
  readonly message: Uint32Array;
  readonly origin: Uint8Array;
  /** Receivers that the subject entitles, as a mask; of a replay the one that it is for. */
  readonly entitled: Uint32Array;
  /** Planned message → its places. */
  readonly byMessage: Groups;
  /** Place of a sequence; NONE. */
  readonly placeOf: (sequence: number) => number;
}

/**
 * Relies on `stored.stream`, `.sequence`, `.message`, `.subject` (as stored or as published) and `.replayFor`, and on
 * `injection.stream`, `.sequence` and `.duplicate` to tell what the harness stored itself.
 */
export const storedRows = memo((trial: Trial): StoredRows => {
  const { stored, planned } = trial.history;
  const { stream, sequence, message: ofRow, subject, replayFor } = stored.columns;
  const receivers = receiverPlaces(trial);
  const rows = unique(
    sortedRows(sequence, (row) => stream[row] === trial.streamText),
    sequence,
  );
  const message = new Uint32Array(rows.length);
  const entitled = new Uint32Array(rows.length);
  const maskOf = entitlement(trial);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] ?? 0;
    message[place] = ofRow[row] ?? NONE;
    const replayTo = replayFor[row] ?? 0;
    const receiver = replayTo === 0 ? undefined : receivers.get(replayTo);
    entitled[place] = replayTo === 0 ? maskOf(subject[row] ?? 0) : receiver === undefined ? 0 : 1 << receiver;
  }
  const placeOf = finder(rows, sequence);
  return {
    rows,
    message,
    origin: origins(trial, rows, message, placeOf),
    entitled,
    byMessage: groupRows(message, planned.length),
    placeOf,
  };
});

/** An observer that begins again may see a message twice. */
function unique(rows: Uint32Array, sequence: Uint32Array): Uint32Array {
  let last = NONE;
  let doubled = false;
  for (const row of rows) {
    if (sequence[row] === last) doubled = true;
    last = sequence[row] ?? NONE;
  }
  if (!doubled) return rows;
  return rows.filter((row, at) => at === 0 || sequence[row] !== sequence[rows[at - 1] ?? 0]);
}

function finder(rows: Uint32Array, sequence: Uint32Array): (wanted: number) => number {
  const first = sequence[rows[0] ?? 0] ?? 0;
  const dense = rows.length > 0 && (sequence[rows[rows.length - 1] ?? 0] ?? 0) - first + 1 === rows.length;
  if (dense) return (wanted) => (wanted >= first && wanted - first < rows.length ? wanted - first : NONE);
  return (wanted) => {
    let low = 0;
    let high = rows.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = sequence[rows[middle] ?? 0] ?? 0;
      if (found === wanted) return middle;
      if (found < wanted) low = middle + 1;
      else high = middle - 1;
    }
    return NONE;
  };
}

function origins(
  trial: Trial,
  rows: Uint32Array,
  message: Uint32Array,
  placeOf: (sequence: number) => number,
): Uint8Array {
  const origin = new Uint8Array(message.length);
  const { injection, planned, stored } = trial.history;
  const { what, outcome, stream, sequence, duplicate, message: ofRow } = injection.columns;
  const unsure = new Uint8Array(planned.length);
  let anyUnsure = false;
  for (let row = 0; row < injection.length; row++) {
    if (what[row] === INJECTED_REPLY || outcome[row] === FAIL) continue;
    if (outcome[row] === INFO) {
      const of = ofRow[row] ?? NONE;
      if (of < unsure.length) {
        unsure[of] = 1;
        anyUnsure = true;
      }
      continue;
    }
    if (outcome[row] !== OK || duplicate[row] === YES || stream[row] !== trial.streamText) continue;
    const place = placeOf(sequence[row] ?? 0);
    if (place !== NONE) origin[place] = what[row] === INJECTED_REPLAY ? REPLAYED : INJECTED;
  }
  const { replayFor } = stored.columns;
  for (let place = 0; place < origin.length; place++) if (replayFor[rows[place] ?? 0] !== 0) origin[place] = REPLAYED;
  if (anyUnsure) {
    for (let place = 0; place < origin.length; place++) {
      if (origin[place] === SENT && unsure[message[place] ?? NONE] === 1) origin[place] = UNSURE;
    }
  }
  return origin;
}

/** Planned message → whether the harness put it, as an event, on the bus itself (whatever came of it). */
export const injectedEvents = memo((trial: Trial): Uint8Array => {
  const { injection, planned } = trial.history;
  const found = new Uint8Array(planned.length);
  for (let row = 0; row < injection.length; row++) {
    const message = injection.columns.message[row] ?? NONE;
    if (injection.columns.what[row] === INJECTED_EVENT && message < found.length) found[message] = 1;
  }
  return found;
});

/** When the server stored what lies at a place; when it was seen where the server's time is not known. */
export function storedTime(trial: Trial, place: number): number {
  const { at, storedAt } = trial.history.stored.columns;
  const index = storedRows(trial).rows[place] ?? 0;
  return storedAt[index] === 0 ? (at[index] ?? 0) : (storedAt[index] ?? 0);
}

/** The application that planned what a row of `stored` holds; '' for what nobody planned. */
export function sourceOf(trial: Trial, at: number): string {
  const { planned, stored, texts } = trial.history;
  const message = stored.columns.message[at] ?? NONE;
  return message === NONE ? '' : texts.at(planned.columns.application[message] ?? 0);
}

/** The partition that a stored message lies in; 0 where the flow has none. */
export const partitionAt = (trial: Trial, place: number): number =>
  partitionOf(trial, trial.history.stored.columns.subject[storedRows(trial).rows[place] ?? 0] ?? 0);
