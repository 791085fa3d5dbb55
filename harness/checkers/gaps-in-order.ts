import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { keys, messagesWith } from './keys.ts';
import { named } from './refusal.ts';
import { ACKED, OPEN, settlementAt, settlements, TERMED } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';

/**
 * Gaps in a key's sequence, for each application: what comes after one is parked (terminated as `gap`) and not handed over
 * until what is missing was taken; and nothing is parked where there is no gap.
 *
 * Relies on `delivery` in the order of its times, `acknowledgement.reason`, `stored.sequence`, `planned.sequence`.
 */
export function judgeGaps(trial: Trial, judgement: Judgement): void {
  const { delivery, planned } = trial.history;
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { of, count } = keys(trial);
  const taken = new Uint32Array(count * width);
  for (const at of handed.rows) {
    const message = delivery.columns.message[at] ?? NONE;
    const receiver = handed.receiver[at] ?? width;
    const sequence = planned.columns.sequence[message] ?? 0;
    if (message === NONE || receiver >= width || sequence === 0 || of[message] === NONE) continue;
    const cell = (of[message] ?? 0) * width + receiver;
    const last = taken[cell] ?? 0;
    if (sequence > last + 1) {
      judgement.fail(() => ({
        application: receiverAt(trial, receiver),
        expected: `sequence ${last + 1} of the key of ${named(trial, message)} to be taken before sequence ${sequence} is handed over`,
        observed: `sequence ${sequence} was handed over across the gap`,
        evidence: rows(['planned', message], ['delivery', at]),
      }));
    }
    if (isAccepted(trial, at)) taken[cell] = Math.max(last, sequence);
  }
  judgeParked(trial, judgement);
}

function judgeParked(trial: Trial, judgement: Judgement): void {
  const { planned } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const { first } = handovers(trial);
  const { end } = settlements(trial);
  const { of } = keys(trial);
  const width = trial.receivers.length;
  for (let cell = 0; cell < end.length; cell++) {
    const place = Math.floor(cell / width);
    const receiver = cell % width;
    const message = seen.message[place] ?? NONE;
    if (valid[message] !== 1 || (planned.columns.sequence[message] ?? 0) === 0) continue;
    if (end[cell] === OPEN) {
      judgeWornOut(trial, place, receiver, message, judgement);
      continue;
    }
    if (end[cell] === ACKED && first[message * width + receiver] !== NONE) continue;
    const settled = settlementAt(trial, cell);
    if (settled === undefined || (end[cell] !== ACKED && settled.reason !== 'gap')) continue;
    const sequence = planned.columns.sequence[message] ?? 0;
    const before = sequence > 1 ? messagesWith(trial, of[message] ?? 0, sequence - 1) : [];
    if (end[cell] === ACKED) {
      const missing = sequence > 1 && before.every((other) => first[other * width + receiver] === NONE);
      if (!missing) continue;
      judgement.fail(() => ({
        application: receiverAt(trial, receiver),
        expected: `${named(trial, message)} to be parked, since sequence ${sequence - 1} of its key is missing`,
        observed: 'it was acknowledged without having been handed over',
        evidence: [...rows(['stored', seen.rows[place]]), settled.evidence],
      }));
      continue;
    }
    judgement.exercise();
    const cause = noGap(trial, place, receiver, sequence, before, settled.at);
    if (cause === undefined) continue;
    judgement.fail(() => ({
      application: receiverAt(trial, receiver),
      expected: `${named(trial, message)} to be handed over, since sequence ${sequence - 1} of its key had been taken`,
      observed: 'it was parked as a gap',
      evidence: [...rows(['stored', seen.rows[place]], ['delivery', cause]), settled.evidence],
    }));
  }
}

/**
 * The handing-over that shows that there was no gap: the one before was stored before, taken before, and never given up. NONE
 * where a key's first sequence was parked; undefined where there was a gap.
 */
function noGap(
  trial: Trial,
  place: number,
  receiver: number,
  sequence: number,
  before: readonly number[],
  parkedAt: number,
): number | undefined {
  if (sequence <= 1) return NONE;
  const seen = storedRows(trial);
  const { accepted } = handovers(trial);
  const { end } = settlements(trial);
  const { done } = trial.history.delivery.columns;
  const width = trial.receivers.length;
  for (const other of before) {
    const taken = accepted[other * width + receiver] ?? NONE;
    if (taken === NONE || (done[taken] ?? 0) > parkedAt) continue;
    const places = rowsOf(seen.byMessage, other);
    // One that was parked or refused at first and replayed later left a gap meanwhile.
    if (places.some((at) => at < place) && places.every((at) => end[at * width + receiver] !== TERMED)) return taken;
  }
  return undefined;
}

/** What waits for a gap to close is parked at once: its attempts are not for that. */
function judgeWornOut(trial: Trial, place: number, receiver: number, message: number, judgement: Judgement): void {
  const { advisory, delivery, planned } = trial.history;
  const { first } = handovers(trial);
  const width = trial.receivers.length;
  const told = settlements(trial).exhausted[place * width + receiver] ?? NONE;
  const sequence = planned.columns.sequence[message] ?? 0;
  if (told === NONE || sequence <= 1) return;
  const givenUpAt = advisory.columns.at[told] ?? 0;
  const handedBefore = (which: number): boolean => {
    const at = first[which * width + receiver] ?? NONE;
    return at !== NONE && (delivery.columns.at[at] ?? 0) < givenUpAt;
  };
  if (handedBefore(message) || messagesWith(trial, keys(trial).of[message] ?? 0, sequence - 1).some(handedBefore))
    return;
  judgement.fail(() => ({
    application: receiverAt(trial, receiver),
    expected: `${named(trial, message)} to be parked, since sequence ${sequence - 1} of its key is missing`,
    observed: 'it was tried until its attempts were used up',
    evidence: rows(['stored', storedRows(trial).rows[place]], ['advisory', told]),
  }));
}
