import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { failedInTime, pauseMs } from './attempts.ts';
import { sizeOf } from './groups.ts';
import { handOf, itemOf } from './holders.ts';
import { handedWhileHeld, heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { justBeforeMs, lagBetween, toleranceMs } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { wireRows, type Hold } from './wire-rows.ts';
import { OK } from './words.ts';

const NAK_ON_WIRE = codeOf(tableShapes.wire.verb, 'nak');

/**
 * Each delivery is one attempt: the instance that was given it asks its application once, and where that fails it gives the delivery back
 * with the declared delay; the bus delivers again after that delay, and never more often than declared. What the other checks see of all
 * attempts together, the wire shows of each by itself. Put to the test by each attempt that failed, and by each pause.
 *
 * Relies on `wire` (delivery, acknowledgement), `delivery.at`, `.instance`, `.status`.
 */
export function judgeAttemptsOnWire(trial: Trial, judgement: Judgement): void {
  const bySequence = new Map<string, Hold[]>();
  for (const hold of wireRows(trial).holds) {
    judgeCount(trial, hold, judgement);
    const name = `${hold.place} ${hold.sequence}`;
    bySequence.set(name, [...(bySequence.get(name) ?? []), hold]);
  }
  for (const holds of bySequence.values()) {
    const attempts = holds.map((hold, index) => ({ hold, asked: askedDuring(trial, hold, holds.slice(index + 1)) }));
    for (const [index, attempt] of attempts.entries()) {
      const { hold } = attempt;
      const next = holds[index + 1];
      judgeAttempt(trial, attempt, { before: attempts.slice(0, index), next }, judgement);
      if (next !== undefined) judgePause(trial, hold, next, judgement);
    }
  }
}

/**
 * An adapter that the machine kept from running could not speak in time; and what the harness read late the bus had sent long before, so
 * that its ack wait ends sooner than it seems.
 */
const lagged = (trial: Trial, from: number, to: number): boolean =>
  lagBetween(trial, Math.max(0, from - justBeforeMs), to).worstMs >= (trial.flow.ackWaitMs ?? Infinity) / 20;

function judgeCount(trial: Trial, hold: Hold, judgement: Judgement): void {
  const { attempts } = trial.flow;
  if (hold.deliveries <= attempts) return;
  judgement.fail(() => ({
    application: hold.application,
    expected: `at most ${attempts} deliveries of ${itemOf(trial, hold)}`,
    observed: `delivery ${hold.deliveries}`,
    evidence: [row('wire', hold.delivery)],
  }));
}

/** A delivery with the rows of `delivery` in which its application was asked for it. */
interface Attempt {
  readonly hold: Hold;
  readonly asked: readonly number[];
}

/**
 * What the application was asked, and answered, while the instance held this delivery, up to its next one of the same item. What its adapter
 * had given up before the harness came to read it belongs to an earlier one.
 */
function askedDuring(trial: Trial, hold: Hold, after: readonly Hold[]): readonly number[] {
  // Of several copies nobody can tell which one was handed over.
  if (sizeOf(storedRows(trial).byMessage, heldMessage(trial, hold)) !== 1) return [];
  const { at, outcome } = trial.history.delivery.columns;
  const next = after.find(({ instance }) => instance === hold.instance)?.from ?? Infinity;
  return handedWhileHeld(trial, hold).filter((own) => outcome[own] === OK && (at[own] ?? 0) < next);
}

/** Whether what was asked during a delivery may have been asked for one before it, and was read late. */
function askedForAnother(trial: Trial, hold: Hold, before: readonly Attempt[], asked: number): boolean {
  const unasked = before.find((other) => other.hold.instance === hold.instance && other.asked.length === 0);
  return unasked !== undefined && lagged(trial, unasked.hold.from, trial.history.delivery.columns.at[asked] ?? 0);
}

function judgeAttempt(
  trial: Trial,
  { hold, asked }: Attempt,
  { before, next }: { readonly before: readonly Attempt[]; readonly next: Hold | undefined },
  judgement: Judgement,
): void {
  const [first, second] = asked;
  if (second !== undefined) {
    if (askedForAnother(trial, hold, before, second)) {
      judgement.lag(`the harness's timer lagged while ${itemOf(trial, hold)} was held`);
      return;
    }
    judgement.fail(() => ({
      application: hold.application,
      expected: `one attempt at ${itemOf(trial, hold)} for each delivery`,
      observed: `${handOf(hold)} asked its application ${asked.length} times for one`,
      evidence: rows(['wire', hold.delivery], ['delivery', first], ['delivery', second]),
    }));
    return;
  }
  if (first === undefined || !failedInTime(trial, first)) return;
  const isLast = hold.deliveries >= trial.flow.attempts;
  const { verb, delayMs } = trial.history.wire.columns;
  if (hold.settlement === NONE) {
    const exhausted = isLast ? exhaustedRow(trial, hold) : NONE;
    const over = next?.from ?? trial.history.advisory.columns.at[exhausted];
    // Where its connection ended nobody knows what it would have said.
    if (over === undefined || over >= hold.to) return;
    if (lagged(trial, hold.from, over)) {
      judgement.lag(`the harness's timer lagged while ${itemOf(trial, hold)} was held`);
      return;
    }
    judgement.fail(() => ({
      application: hold.application,
      expected: `${handOf(hold)} to give ${itemOf(trial, hold)} back with a delay after attempt ${hold.deliveries}`,
      observed: 'it said nothing, and left it to the ack wait',
      evidence: rows(['delivery', first], ['wire', hold.delivery], ['wire', next?.delivery], ['advisory', exhausted]),
    }));
    return;
  }
  // The last attempt is not delivered again, whatever is said of it.
  if (isLast) return;
  judgement.exercise();
  const declaredMs = pauseMs(trial, hold.deliveries);
  const asks = delayMs[hold.settlement] ?? 0;
  if (verb[hold.settlement] !== NAK_ON_WIRE || Math.abs(asks - declaredMs) <= toleranceMs) return;
  judgement.fail(() => ({
    application: hold.application,
    expected: `a negative acknowledgement with a delay of ${declaredMs} ms after attempt ${hold.deliveries} at ${itemOf(trial, hold)}`,
    observed: `one with ${asks.toFixed(0)} ms`,
    evidence: rows(['wire', hold.delivery], ['delivery', first], ['wire', hold.settlement]),
  }));
}

/** The bus's word that the attempts at an item are used up, which of one that nothing is said of comes once its ack wait is over; NONE. */
function exhaustedRow(trial: Trial, hold: Hold): number {
  const cell = storedRows(trial).placeOf(hold.sequence) * trial.receivers.length + hold.place;
  return settlements(trial).exhausted[cell] ?? NONE;
}

/** The bus delivers again no sooner than it was asked to. */
function judgePause(trial: Trial, hold: Hold, next: Hold, judgement: Judgement): void {
  const { verb, delayMs } = trial.history.wire.columns;
  if (hold.settlement === NONE || verb[hold.settlement] !== NAK_ON_WIRE) return;
  // Once the ack wait is over the bus delivers again by itself.
  if (hold.to - hold.from >= (trial.flow.ackWaitMs ?? Infinity) * 0.9) return;
  const asked = delayMs[hold.settlement] ?? 0;
  judgement.exercise();
  if (next.from - hold.to >= asked - toleranceMs) return;
  if (lagged(trial, hold.from, next.from)) {
    judgement.lag(`the harness's timer lagged while ${itemOf(trial, hold)} was held`);
    return;
  }
  judgement.fail(() => ({
    application: hold.application,
    expected: `${itemOf(trial, hold)} to be delivered again ${asked} ms after it was given back`,
    observed: `it was after ${(next.from - hold.to).toFixed(0)} ms`,
    evidence: rows(['wire', hold.settlement], ['wire', next.delivery]),
  }));
}
