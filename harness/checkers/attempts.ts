import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { patienceMs } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { crashed, disturbed, wasStopping } from './lives.ts';
import { givenBack, negativeAcknowledgements, pairOf } from './negative-acknowledgements.ts';
import { named } from './refusal.ts';
import { settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { lateness, toleranceMs } from './timing.ts';
import { receiverAt, receiverPlaces, row, rows, type Trial } from './trial.ts';
import { isRejection, isSuccess, OK } from './words.ts';

/** The declared pause after an attempt that failed; attempts count from 1. */
export const pauseMs = (trial: Trial, attempt: number): number => {
  const { backoffMs } = trial.flow;
  return backoffMs[Math.min(attempt, backoffMs.length) - 1] ?? 0;
};

/**
 * Attempts are bounded, and the declared pause lies between them. Too early is too early; too late is said only where the
 * harness's timer was in time and no instance of the application came or went.
 *
 * Relies on `delivery.at`, `.done`, `.status`, `.outcome`, `acknowledgement` (nak: `.delayMs`, `.deliveries`), `advisory` (max-deliver:
 * `.deliveries`), `lifecycle`, `lag`.
 */
export function judgeAttempts(trial: Trial, judgement: Judgement): void {
  const { planned } = trial.history;
  const handed = handovers(trial);
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  for (let message = 0; message < planned.length; message++) {
    if (sizeOf(handed.byMessage, message) < 2) continue;
    const copies = Math.max(1, sizeOf(seen.byMessage, message));
    for (let receiver = 0; receiver < width; receiver++) {
      const times = handed.count[message * width + receiver] ?? 0;
      if (times < 2) continue;
      const own = [...rowsOf(handed.byMessage, message)].filter((at) => handed.receiver[at] === receiver);
      if (times > copies * trial.flow.attempts) {
        judgement.fail(() => ({
          application: receiverAt(trial, receiver),
          expected: `at most ${trial.flow.attempts} attempts at ${named(trial, message)}`,
          observed: `${times}`,
          evidence: rows(...own.slice(0, trial.flow.attempts + 1).map((at) => ['delivery', at] as const)),
        }));
      }
      if (copies === 1) judgePauses(trial, message, receiver, own, judgement);
    }
  }
  judgeRefusals(trial, judgement);
  judgeExhaustion(trial, judgement);
}

/** The bus gives a message up when its attempts are used up, and not before. */
function judgeExhaustion(trial: Trial, judgement: Judgement): void {
  const { deliveries } = trial.history.advisory.columns;
  const { exhausted } = settlements(trial);
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  for (let cell = 0; cell < exhausted.length; cell++) {
    const advisory = exhausted[cell] ?? NONE;
    if (advisory === NONE) continue;
    judgement.exercise();
    const place = Math.floor(cell / width);
    const given = deliveries[advisory] ?? 0;
    if (given === 0 || given === NONE || given >= trial.flow.attempts) continue;
    judgement.fail(() => ({
      application: receiverAt(trial, cell % width),
      expected: `${trial.flow.attempts} attempts at ${named(trial, seen.message[place] ?? NONE)} before it is given up`,
      observed: `it was given up after ${given}`,
      evidence: rows(['stored', seen.rows[place]], ['advisory', advisory]),
    }));
  }
}

/** An attempt that the application answered, in the time that the adapter gives it, with neither yes nor no. */
export function failedInTime(trial: Trial, at: number): boolean {
  const { status, outcome, at: began, done } = trial.history.delivery.columns;
  const answer = status[at] ?? 0;
  if (outcome[at] !== OK || answer === 0 || isSuccess(answer) || isRejection(answer)) return false;
  return (done[at] ?? 0) - (began[at] ?? 0) < patienceMs(trial);
}

/** Whether the attempt before this one may have reached the adapter an ack wait before this one was handed over, or longer. */
function mayHaveExpired(trial: Trial, message: number, own: readonly number[], index: number): boolean {
  const { at: began, done } = trial.history.delivery.columns;
  const [earlier, next] = [own[index - 2], own[index]];
  const seen = storedRows(trial);
  const [place] = rowsOf(seen.byMessage, message);
  const reached =
    earlier === undefined
      ? (trial.history.stored.columns.at[seen.rows[place ?? NONE] ?? NONE] ?? Infinity)
      : (done[earlier] ?? 0) + pauseMs(trial, index - 1);
  return (began[next ?? 0] ?? 0) - reached >= (trial.flow.ackWaitMs ?? Infinity);
}

const expiredText = (trial: Trial, message: number): string =>
  `${named(trial, message)} was in its adapter's hands for an ack wait, after which the bus may give it out again`;

function judgePauses(
  trial: Trial,
  message: number,
  receiver: number,
  own: readonly number[],
  judgement: Judgement,
): void {
  const { at: began, done } = trial.history.delivery.columns;
  const application = receiverAt(trial, receiver);
  for (const [index, at] of own.entries()) {
    const before = own[index - 1];
    if (before === undefined || !failedInTime(trial, before)) continue;
    const from = done[before] ?? 0;
    const to = began[at] ?? 0;
    const declaredMs = pauseMs(trial, index);
    judgement.exercise();
    const describe = () => ({
      application,
      expected: `${declaredMs} ms between attempt ${index} and the next at ${named(trial, message)}`,
      observed: `${(to - from).toFixed(0)} ms`,
      evidence: [row('delivery', before), row('delivery', at)],
    });
    if (to - from < declaredMs - toleranceMs) {
      // What was in the adapter's hands for so long that the bus took it for lost was given out again by the bus, and not by a retry.
      if (mayHaveExpired(trial, message, own, index)) judgement.undecide(expiredText(trial, message));
      else judgement.fail(describe);
    } else if (!disturbed(trial, application, from, to)) {
      const said = lateness(trial, from, to, declaredMs + trial.flow.p99Ms);
      if (said === 'late') judgement.fail(describe);
      if (said === 'cannot-say')
        judgement.lag(`the harness's timer lagged between two attempts at ${named(trial, message)}`);
    }
    // What crashed then may have been about to say it.
    if (!givenBack(trial).has(pairOf(trial, message, receiver)) && !crashed(trial, application, from, to)) {
      judgement.lack(() => ({
        application,
        expected: `a negative acknowledgement with the delay after a failed attempt at ${named(trial, message)}`,
        observed: 'there was none',
        evidence: [row('delivery', before)],
      }));
    }
  }
}

function judgeRefusals(trial: Trial, judgement: Judgement): void {
  const { acknowledgement } = trial.history;
  const { at: when, deliveries, delayMs, stream, application, consumer } = acknowledgement.columns;
  for (const { at, message, receiver } of negativeAcknowledgements(trial)) {
    const name = receiverAt(trial, receiver);
    if (message === NONE || wasStopping(trial, name, when[at] ?? 0)) continue;
    const declaredMs = pauseMs(trial, deliveries[at] ?? 1);
    judgement.exercise();
    if (Math.abs((delayMs[at] ?? 0) - declaredMs) <= toleranceMs) continue;
    judgement.fail(() => ({
      application: name,
      expected: `a delay of ${declaredMs} ms after attempt ${deliveries[at] ?? 0} at ${named(trial, message)}`,
      observed: `${(delayMs[at] ?? 0).toFixed(0)} ms`,
      evidence: rows(['planned', message], ['acknowledgement', at]),
    }));
  }
  const places = receiverPlaces(trial);
  for (let at = 0; at < acknowledgement.length; at++) {
    if ((deliveries[at] ?? 0) <= trial.flow.attempts || stream[at] !== trial.streamText) continue;
    const receiver = places.get(consumer[at] ?? 0) ?? places.get(application[at] ?? 0);
    judgement.fail(() => ({
      application: receiver === undefined ? '' : receiverAt(trial, receiver),
      expected: `at most ${trial.flow.attempts} deliveries by the bus`,
      observed: `delivery ${deliveries[at] ?? 0}`,
      evidence: [row('acknowledgement', at)],
    }));
  }
}
