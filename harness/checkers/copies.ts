import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { SENT, sourceOf, storedRows } from './stored-rows.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { malformedTrace } from './trace.ts';
import { violations } from './violation.ts';
import { isSuccess, NO, YES } from './words.ts';

/**
 * Whether what a sending adapter stored is what its application sent, attribute by attribute, and nothing beside it. What a
 * workload broke on purpose is judged by its refusal.
 *
 * Relies on `stored.envelope`, `.dataschema`, `.headersValid`, `.timeFormat`, `.classification`, `.headersIntact`, `.timeIntact`,
 * `.chainIntact`, `.traceIntact`, `.noneForeign`, `.fault`, the same facts of `delivery`; for request-reply on `send.replyValid` with `send.replyType`.
 */
export function judgeCopies(
  trial: Trial,
  judgements: { readonly envelope: Judgement; readonly time: Judgement; readonly classification: Judgement },
): void {
  const { stored, texts } = trial.history;
  const facts = stored.columns;
  const { rows: seen, message, origin } = storedRows(trial);
  const { valid } = violations(trial);
  const say = (judgement: Judgement, at: number, expected: string, observed: string): void => {
    judgement.fail(() => {
      const fault = texts.at(facts.fault[at] ?? 0);
      return {
        application: sourceOf(trial, at),
        expected,
        observed: fault === '' ? observed : `${observed} (first fault: ${fault})`,
        evidence: rows(['planned', facts.message[at]], ['stored', at]),
      };
    });
  };
  for (let place = 0; place < seen.length; place++) {
    const of = message[place] ?? NONE;
    if (origin[place] !== SENT || (of !== NONE && valid[of] !== 1)) continue;
    const at = seen[place] ?? 0;
    if (facts.envelope[at] === YES && facts.dataschema[at] === YES) judgements.envelope.exercise();
    if (facts.noneForeign[at] === NO)
      say(judgements.envelope, at, 'no header but the attributes of its event and the trace', 'another one on the bus');
    if (facts.envelope[at] === NO)
      say(judgements.envelope, at, 'every CloudEvents attribute that is required', 'one was absent or wrong');
    else if (facts.dataschema[at] === NO)
      say(judgements.envelope, at, 'the dataschema of its type', 'another one or none');
    else if (otherHeaderChanged(trial, at))
      say(judgements.envelope, at, 'every header as the application set it', 'a header was changed');
    else if (otherHeaderInvalid(trial, at))
      say(judgements.envelope, at, 'headers that their schema allows', 'headers that it does not');
    if (facts.timeFormat[at] === YES) judgements.time.exercise();
    if (facts.timeFormat[at] === NO)
      say(judgements.time, at, 'times in RFC 3339 with an offset', 'a time of another form on the bus');
    else if (facts.timeIntact[at] === NO)
      say(judgements.time, at, 'times as the application wrote them', 'a changed time');
    if (facts.classification[at] === YES) judgements.classification.exercise();
    if (facts.classification[at] === NO) {
      say(
        judgements.classification,
        at,
        'a classification of the closed list, at or under the ceiling',
        'none or another one',
      );
    }
  }
  judgeHanded(trial, judgements);
  if (isRequestReply(trial)) judgeReplies(trial, judgements);
}

/** What a receiving adapter changed of what was right on the bus. */
function judgeHanded(trial: Trial, judgements: { readonly envelope: Judgement; readonly time: Judgement }): void {
  const { delivery, stored, texts } = trial.history;
  const { headersIntact, timeIntact, chainIntact, traceIntact, application } = delivery.columns;
  const { valid } = violations(trial);
  const seen = storedRows(trial);
  const asStored = (message: number): boolean =>
    rowsOf(seen.byMessage, message).every((place) => stored.columns.headersIntact[seen.rows[place] ?? 0] !== NO);
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (message === NONE || valid[message] !== 1 || !asStored(message)) continue;
    const fail = (judgement: Judgement, what: string): void =>
      judgement.fail(() => ({
        application: texts.at(application[at] ?? 0),
        expected: `${named(trial, message)} to be handed over with every ${what} as it is on the bus`,
        observed: `a ${what} was changed, left out or added`,
        evidence: rows(['planned', message], ['delivery', at]),
      }));
    if (timeIntact[at] === NO) fail(judgements.time, 'time');
    // Correlation and causation are ENV-4, the trace ENV-6.
    else if (headersIntact[at] === NO && chainIntact[at] !== NO && traceIntact[at] !== NO)
      fail(judgements.envelope, 'header');
  }
}

/** A reply that its caller was handed has passed the same checks, all in one fact. */
function judgeReplies(
  trial: Trial,
  judgements: { readonly envelope: Judgement; readonly time: Judgement; readonly classification: Judgement },
): void {
  const { send } = trial.history;
  const { valid } = violations(trial);
  for (let at = 0; at < send.length; at++) {
    if (!isSuccess(send.columns.status[at] ?? 0) || valid[send.columns.message[at] ?? NONE] !== 1) continue;
    if (send.columns.replyValid[at] !== YES) continue;
    const fail = (judgement: Judgement, what: string): void =>
      judgement.fail(() => ({
        application: trial.history.texts.at(send.columns.application[at] ?? 0),
        expected: `every ${what} of the reply as the answering application gave it`,
        observed: `a ${what} was changed, left out or added on its way`,
        evidence: rows(['send', at], ['planned', send.columns.reply[at]]),
      }));
    if (send.columns.replyTimes[at] === NO) fail(judgements.time, 'time');
    else if (send.columns.replyHeaders[at] === NO && isLinked(trial, at) && send.columns.replyTrace[at] !== NO)
      fail(judgements.envelope, 'header');
    for (const judgement of Object.values(judgements)) judgement.exercise();
  }
}

function otherHeaderChanged(trial: Trial, at: number): boolean {
  const facts = trial.history.stored.columns;
  if (facts.headersIntact[at] !== NO) return false;
  return (
    facts.chainIntact[at] !== NO &&
    facts.traceIntact[at] !== NO &&
    facts.timeIntact[at] !== NO &&
    facts.classification[at] !== NO
  );
}

function otherHeaderInvalid(trial: Trial, at: number): boolean {
  const facts = trial.history.stored.columns;
  if (facts.headersValid[at] !== NO || facts.timeFormat[at] === NO || facts.classification[at] === NO) return false;
  return !malformedTrace(trial, facts.message[at] ?? NONE);
}

/** Whether a reply names its request, and has the request's correlation: what does not is ENV-4. */
function isLinked({ history: { planned, send } }: Trial, at: number): boolean {
  const request = send.columns.message[at] ?? NONE;
  const { replyCausation, replyCorrelation } = send.columns;
  return (
    replyCausation[at] === planned.columns.id[request] && replyCorrelation[at] === planned.columns.correlation[request]
  );
}
