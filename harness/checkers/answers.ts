import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { everEnded } from './lives.ts';
import { named } from './refusal.ts';
import { graceMs, lateness } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isRejection, isSuccess, OK } from './words.ts';

/**
 * Every valid request ends in a reply, a refusal, 503 or 504, by its deadline; and a reply that was given in good time while
 * nothing failed reaches its caller.
 *
 * Relies on `send.status`, `.at`, `.done`, `planned.expires`, `delivery.status`, `.done`, `.reply`, `lag`, `fault`, `lifecycle`.
 */
export function judgeAnswers(trial: Trial, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const { valid } = violations(trial);
  for (let at = 0; at < send.length; at++) {
    const message = send.columns.message[at] ?? NONE;
    const status = send.columns.status[at] ?? 0;
    // What is refused before it is a request is not one: the check of the sender's adapter is SCH-1.
    if (valid[message] !== 1 || isRejection(status)) continue;
    const began = send.columns.at[at] ?? 0;
    const done = send.columns.done[at] ?? 0;
    const application = texts.at(send.columns.application[at] ?? 0);
    const evidence = rows(['planned', message], ['send', at]);
    if (status === 0) {
      judgement.lack(() => ({
        application,
        expected: `an answer to ${named(trial, message)}`,
        observed: 'none ever came',
        evidence,
      }));
      continue;
    }
    judgement.exercise();
    if (status !== 200 && status !== 503 && status !== 504) {
      judgement.fail(() => ({
        application,
        expected: `a reply, a refusal, 503 or 504 to ${named(trial, message)}`,
        observed: `${status} ${texts.at(send.columns.reason[at] ?? 0)}`,
        evidence,
      }));
    }
    const boundMs = Math.max(0, (planned.columns.expires[message] ?? Number.NaN) - began);
    const said = Number.isNaN(boundMs) ? 'in-time' : lateness(trial, began, done, boundMs);
    if (said === 'cannot-say') judgement.undecide(`the harness's timer lagged while ${named(trial, message)} was late`);
    if (said === 'late') {
      judgement.fail(() => ({
        application,
        expected: `an answer to ${named(trial, message)} within ${boundMs.toFixed(0)} ms, by its deadline`,
        observed: `${status} after ${(done - began).toFixed(0)} ms`,
        evidence,
      }));
    }
    if (!isSuccess(status)) judgeLost(trial, at, message, judgement);
  }
}

function judgeLost(trial: Trial, at: number, message: number, judgement: Judgement): void {
  const { delivery, fault, planned, send, texts } = trial.history;
  const application = texts.at(send.columns.application[at] ?? 0);
  if (fault.length > 0 || [application, ...trial.receivers].some((name) => everEnded(trial, name))) return;
  const began = send.columns.at[at] ?? 0;
  const until = Math.min(planned.columns.expires[message] ?? Infinity, send.columns.done[at] ?? 0);
  const given = rowsOf(handovers(trial).byMessage, message).find((one) => {
    const { at: handed, done, status, outcome } = delivery.columns;
    const inTime = (handed[one] ?? 0) >= began && (done[one] ?? 0) < until - graceMs(until - began);
    return inTime && outcome[one] === OK && isSuccess(status[one] ?? 0) && delivery.columns.reply[one] !== NONE;
  });
  if (given === undefined) return;
  judgement.lack(() => ({
    application,
    expected: `the reply to ${named(trial, message)}, which was given in good time, to reach the caller`,
    observed: `${send.columns.status[at] ?? 0}`,
    evidence: [row('send', at), row('delivery', given)],
  }));
}
