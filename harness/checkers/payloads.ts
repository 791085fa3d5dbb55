import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { SENT, storedRows } from './stored-rows.ts';
import { malformedTrace } from './trace.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { FAIL, isRefusal, isSuccess, NO, UNKNOWN, YES } from './words.ts';

/**
 * What sending adapters stored, by two validators. Where they differ the harness is wrong, and nobody is judged.
 *
 * Relies on `stored.validA`, `.validB`, `.rules`, `.fault`; for request-reply on `send.replyValid`, which has schema and rules.
 */
export function judgePayloads(
  trial: Trial,
  judgements: { readonly schema: Judgement; readonly rules: Judgement },
): void {
  const { stored, texts } = trial.history;
  const { validA, validB, rules, fault, message: ofRow } = stored.columns;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    const message = seen.message[place] ?? NONE;
    const a = validA[at] ?? UNKNOWN;
    const b = validB[at] ?? UNKNOWN;
    if (a !== b && a !== UNKNOWN && b !== UNKNOWN) {
      judgements.schema.undecide(`two validators disagree on stored row ${at}: a fault of the harness`);
      judgements.schema.note('validators disagree');
      continue;
    }
    if (seen.origin[place] !== SENT) continue;
    if (message !== NONE && valid[message] !== 1) {
      if (
        a === YES &&
        b === YES &&
        texts.at(trial.history.planned.columns.violation[message] ?? 0).startsWith('schema:')
      ) {
        judgements.schema.undecide(`${named(trial, message)} was planned to be invalid, and both validators allow it`);
      }
      continue;
    }
    const describe = (what: string) => () => ({
      expected: `a stored payload that ${what}`,
      observed: fault[at] === 0 ? 'one that is not so' : `one that is not so: ${texts.at(fault[at] ?? 0)}`,
      evidence: rows(['planned', ofRow[at]], ['stored', at]),
    });
    if (a === YES && b === YES) judgements.schema.exercise();
    if (a === NO && b === NO) judgements.schema.fail(describe('its schema allows'));
    if (rules[at] === YES) judgements.rules.exercise();
    // The rules of a payload that has not even the schema's shape are broken with it.
    if (rules[at] === NO && a !== NO) judgements.rules.fail(describe('holds to its semantic rules'));
  }
  if (!isRequestReply(trial)) return;
  const { send } = trial.history;
  for (let at = 0; at < send.length; at++) {
    if (valid[send.columns.message[at] ?? NONE] !== 1 || !isSuccess(send.columns.status[at] ?? 0)) continue;
    const reply = send.columns.reply[at] ?? NONE;
    if (reply !== NONE && valid[reply] !== 1) continue;
    if (send.columns.replyValid[at] === YES) {
      judgements.schema.exercise();
      judgements.rules.exercise();
    }
    if (send.columns.replyValid[at] === NO) {
      judgements.schema.fail(() => ({
        expected: 'a reply that its contract allows',
        observed: `${texts.at(send.columns.replyType[at] ?? 0)} that it does not`,
        evidence: rows(['send', at]),
      }));
    }
  }
}

/**
 * A valid message that its sender's adapter refuses: the check is not the contract's. An expired one may be refused.
 *
 * Relies on `send.status`, `.reason`, `planned.expires`.
 */
export function judgeWrongRefusals(trial: Trial, judgement: Judgement): void {
  const { send, planned, texts } = trial.history;
  const { message, status, outcome, done, reason } = send.columns;
  const { valid } = violations(trial);
  for (let at = 0; at < send.length; at++) {
    const of = message[at] ?? NONE;
    if (!isRefusal(status[at] ?? 0) || outcome[at] !== FAIL || valid[of] !== 1) continue;
    const expires = planned.columns.expires[of] ?? Number.NaN;
    const large = (planned.columns.bytes[of] ?? 0) === trial.flow.maxBytes;
    if (expires <= (done[at] ?? 0) || large || malformedTrace(trial, of)) continue;
    judgement.fail(() => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: `${named(trial, of)}, which is valid, to be taken`,
      observed: `${status[at] ?? 0} ${texts.at(reason[at] ?? 0)}`,
      evidence: rows(['planned', of], ['send', at]),
    }));
  }
}

/** What applications were handed that is invalid though it was not sent so. Relies on `delivery.valid`, `.contentsIntact`, `send.replyValid`. */
export function judgeReceivedPayloads(trial: Trial, judgement: Judgement): void {
  const { delivery, send, texts } = trial.history;
  const { valid } = violations(trial);
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (message !== NONE && valid[message] === 1 && delivery.columns.contentsIntact[at] === NO) {
      judgement.fail(() => ({
        application: texts.at(delivery.columns.application[at] ?? 0),
        expected: `${named(trial, message)} only with all of its contents`,
        observed: 'it was handed over with contents absent or damaged',
        evidence: rows(['planned', message], ['delivery', at]),
      }));
    }
    if (
      delivery.columns.valid[at] !== NO ||
      (message !== NONE && valid[message] !== 1) ||
      malformedTrace(trial, message)
    )
      continue;
    judgement.fail(() => ({
      application: texts.at(delivery.columns.application[at] ?? 0),
      expected: 'nothing invalid to reach an application',
      observed: 'an event that its contract does not allow was handed over',
      evidence: rows(['planned', message], ['delivery', at]),
    }));
  }
  if (!isRequestReply(trial)) return;
  for (let at = 0; at < send.length; at++) {
    if (send.columns.replyValid[at] !== NO || !isSuccess(send.columns.status[at] ?? 0)) continue;
    if (valid[send.columns.message[at] ?? NONE] !== 1 || valid[send.columns.reply[at] ?? NONE] === 0) continue;
    judgement.fail(() => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: 'nothing invalid to reach an application',
      observed: 'a reply that its contract does not allow was handed to the caller',
      evidence: rows(['send', at]),
    }));
  }
}
