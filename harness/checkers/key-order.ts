import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { keys } from './keys.ts';
import { named } from './refusal.ts';
import { settlementAt } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { receiverAt, row, type Trial } from './trial.ts';
import { isRejection } from './words.ts';

/**
 * Order per key and application: nothing is handed over before what came earlier in its key is settled, and nothing is handed
 * over after something later was taken, unless it had been taken before that.
 *
 * Relies on `delivery.at`, `.done`, `.status`, `.effect`, `planned.key`, `.sequence`, and `acknowledgement` where an earlier one
 * was ended without an answer.
 */
export function judgeKeyOrder(trial: Trial, judgement: Judgement): void {
  const { delivery, planned } = trial.history;
  const { at: times, message: ofRow } = delivery.columns;
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { of, count } = keys(trial);
  const lastRow = new Uint32Array(count * width).fill(NONE);
  const tries = new Uint32Array(count * width);
  const highest = new Uint32Array(count * width).fill(NONE);
  for (const at of handed.rows) {
    const message = ofRow[at] ?? NONE;
    const receiver = handed.receiver[at] ?? width;
    const sequence = planned.columns.sequence[message] ?? 0;
    if (message === NONE || receiver >= width || sequence === 0 || of[message] === NONE) continue;
    const cell = (of[message] ?? 0) * width + receiver;
    const before = lastRow[cell] ?? NONE;
    const earlier = before === NONE ? NONE : (ofRow[before] ?? NONE);
    if (earlier !== NONE && earlier !== message) {
      judgement.exercise();
      const earlierSequence = planned.columns.sequence[earlier] ?? 0;
      if (sequence > earlierSequence && !isSettled(trial, before, tries[cell] ?? 0, receiver, times[at] ?? 0)) {
        judgement.fail(() => ({
          application: receiverAt(trial, receiver),
          expected: `${named(trial, earlier)} (sequence ${earlierSequence}) to be settled before sequence ${sequence} of its key is handed over`,
          observed: `sequence ${sequence} was handed over while it was not`,
          evidence: [row('delivery', before), row('delivery', at)],
        }));
      }
      const top = highest[cell] ?? NONE;
      const topSequence = top === NONE ? 0 : (planned.columns.sequence[ofRow[top] ?? 0] ?? 0);
      const taken = handed.accepted[message * width + receiver] ?? NONE;
      const takenBefore = taken !== NONE && taken !== at && (times[taken] ?? 0) <= (times[at] ?? 0);
      if (sequence < topSequence && !takenBefore) {
        judgement.fail(() => ({
          application: receiverAt(trial, receiver),
          expected: `sequence ${sequence} of its key before sequence ${topSequence}`,
          observed: `${named(trial, message)} was handed over after sequence ${topSequence} had been taken`,
          evidence: [row('delivery', top), row('delivery', at)],
        }));
      }
    }
    tries[cell] = earlier === message ? (tries[cell] ?? 0) + 1 : 1;
    lastRow[cell] = at;
    const top = highest[cell] ?? NONE;
    if (isAccepted(trial, at) && (top === NONE || sequence > (planned.columns.sequence[ofRow[top] ?? 0] ?? 0)))
      highest[cell] = at;
  }
}

/** Whether a handing-over had come to its end by a moment: taken, refused for good, its attempts used up, or ended on the wire. */
function isSettled(trial: Trial, before: number, tries: number, receiver: number, by: number): boolean {
  const { delivery } = trial.history;
  const done = delivery.columns.done[before] ?? 0;
  if (done <= by + toleranceMs) {
    if (isAccepted(trial, before) || isRejection(delivery.columns.status[before] ?? 0)) return true;
    if (tries >= trial.flow.attempts) return true;
  }
  const stored = storedRows(trial);
  for (const place of rowsOf(stored.byMessage, delivery.columns.message[before] ?? 0)) {
    const settled = settlementAt(trial, place * trial.receivers.length + receiver);
    if (settled !== undefined && settled.at <= by + toleranceMs) return true;
  }
  return false;
}
