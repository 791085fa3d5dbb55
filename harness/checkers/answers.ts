import { tableShapes } from '../model/history.ts';
import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { disturbed, wasReady } from './lives.ts';
import { named } from './refusal.ts';
import { graceMs, lagBetween, lateness } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { otherModes, violations } from './violation.ts';
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
    if (said === 'cannot-say') judgement.lag(`the harness's timer lagged while ${named(trial, message)} was late`);
    if (said === 'late') {
      judgement.fail(() => ({
        application,
        expected: `an answer to ${named(trial, message)} within ${boundMs.toFixed(0)} ms, by its deadline`,
        observed: `${status} after ${(done - began).toFixed(0)} ms`,
        evidence,
      }));
    }
    if (isSuccess(status)) judgeReason(trial, at, message, judgement);
    else judgeLost(trial, at, message, judgement);
  }
}

/**
 * What was lost on the way: the application's answer, of whatever kind, which its adapter has to pass on or to put into a refusal;
 * or the request itself, while an adapter was there to take it.
 */
function judgeLost(trial: Trial, at: number, message: number, judgement: Judgement): void {
  const { delivery, fault, planned, send, texts } = trial.history;
  const application = texts.at(send.columns.application[at] ?? 0);
  const began = send.columns.at[at] ?? 0;
  const ended = send.columns.done[at] ?? 0;
  if (fault.length > 0) return;
  if ([application, ...trial.receivers].some((name) => disturbed(trial, name, began, ended))) return;
  const deadline = planned.columns.expires[message] ?? Infinity;
  const handed = rowsOf(handovers(trial).byMessage, message).filter((one) => (delivery.columns.at[one] ?? 0) >= began);
  const observed = `${send.columns.status[at] ?? 0} ${texts.at(send.columns.reason[at] ?? 0)}`;
  const given = handed.find((one) => {
    const { done, status, outcome } = delivery.columns;
    const inTime = (done[one] ?? 0) < deadline - graceMs(deadline - began);
    return inTime && outcome[one] === OK && (status[one] ?? 0) !== 0;
  });
  if (given === undefined && (handed.length > 0 || !trial.receivers.every((name) => wasReady(trial, name, began))))
    return;
  // A machine that stands still for so long ends connections, with what is on its way there.
  if (lagBetween(trial, began, ended).worstMs > graceMs(ended - began)) {
    judgement.lag(`the harness's timer lagged while ${named(trial, message)} was not answered`);
    return;
  }
  if (given !== undefined) {
    judgement.lack(() => ({
      application,
      expected: `the answer to ${named(trial, message)}, which was given in good time, to reach the caller`,
      observed,
      evidence: [row('send', at), row('delivery', given)],
    }));
  } else {
    judgement.lack(() => ({
      application,
      expected: `${named(trial, message)} to reach the answering application, whose adapter was ready`,
      observed: `it never did, and its caller was told ${observed}`,
      evidence: rows(['planned', message], ['send', at]),
    }));
  }
}

/** The reason of a refusal that an adapter made is what happened: rejected by the application, or not answered well by it. Only a 200 is an answer. */
function judgeReason(trial: Trial, at: number, message: number, judgement: Judgement): void {
  const { delivery, send, texts } = trial.history;
  const said = reasons[send.columns.replyReason[at] ?? 0] ?? '';
  const handed = rowsOf(handovers(trial).byMessage, message);
  const [first] = handed;
  // Several handings-over may have had several answers.
  if (first === undefined || handed.length > 1) return;
  const { outcome, status, reply } = delivery.columns;
  const answer = status[first] ?? 0;
  const given = reply[first] ?? NONE;
  if (said === '') {
    const taken = given !== NONE && send.columns.reply[at] === given;
    if (!taken || answer === 200 || outcome[first] !== OK) return;
    judgement.fail(() => ({
      application: texts.at(delivery.columns.application[first] ?? 0),
      expected: `a refusal of ${named(trial, message)} as "unavailable", since its application did not answer with 200`,
      observed: `the event that came with ${answer}`,
      evidence: [row('send', at), row('delivery', first)],
    }));
    return;
  }
  const invalidReply = answer === 200 && given !== NONE && violations(trial).valid[given] !== 1;
  const right = isRejection(answer) ? 'rejected' : invalidReply ? 'invalid' : 'unavailable';
  // What says that it is in another mode holds no event in binary mode, and may be taken for none.
  const isNone = invalidReply && otherModes.includes(texts.at(trial.history.planned.columns.violation[given] ?? 0));
  if (said === right || (isNone && said === 'unavailable') || outcome[first] !== OK) return;
  judgement.fail(() => ({
    application: texts.at(delivery.columns.application[first] ?? 0),
    expected: `a refusal of ${named(trial, message)} as "${right}"`,
    observed: `one as "${said}"`,
    evidence: [row('send', at), row('delivery', first)],
  }));
}

const reasons: readonly string[] = tableShapes.send.replyReason;
