import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { REPLAYED, SENT, storedRows } from './stored-rows.ts';
import { isRequestReply, row, rows, type Trial } from './trial.ts';
import { malformedTrace } from './trace.ts';
import { violations } from './violation.ts';
import { isSuccess, NO, YES } from './words.ts';

/**
 * Whether what a sending adapter stored is what its application sent, attribute by attribute. What a workload broke on
 * purpose is judged by its refusal.
 *
 * Relies on `stored.envelope`, `.dataschema`, `.headersValid`, `.timeFormat`, `.classification`, `.headersIntact`, `.timeIntact`,
 * `.chainIntact`, `.traceIntact`, `.fault`, the same facts of `delivery`; for request-reply on `send.replyValid` with `send.replyType`.
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

/** The application that planned a stored message; undefined for what nobody planned. */
function sourceOf(trial: Trial, at: number): string {
  const { planned, stored, texts } = trial.history;
  const message = stored.columns.message[at] ?? NONE;
  return message === NONE ? '' : texts.at(planned.columns.application[message] ?? 0);
}

/**
 * Whether adapters left ids alone, and made none twice. An id that nobody planned is an adapter's own: a refusal, where the
 * flow has one, else a change. A body other than the planned one under a planned id is an id used again.
 *
 * Relies on `stored.message`, `.source`, `.id`, `.type`, `.bodyIntact`, and `send.reply*` for request-reply.
 */
export function judgeIds(trial: Trial, judgement: Judgement): void {
  const { stored } = trial.history;
  const facts = stored.columns;
  const seen = storedRows(trial);
  const refusals = refusalTypes(trial, trial.flow.channel);
  const own = new Map<string, number>();
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    if (seen.message[place] === NONE) {
      if (seen.origin[place] !== REPLAYED) judgeOwn(trial, at, refusals, own, judgement);
    } else if (seen.origin[place] === SENT) {
      judgement.exercise();
      if (facts.bodyIntact[at] === NO) {
        judgement.fail(() => ({
          application: sourceOf(trial, at),
          expected: `under the id of ${named(trial, facts.message[at] ?? NONE)} the body that was sent with it`,
          observed: 'another body on the bus: it was changed, or the id was used again',
          evidence: rows(['planned', facts.message[at]], ['stored', at]),
        }));
      }
    }
  }
  judgeReceipts(trial, judgement);
  if (isRequestReply(trial)) judgeReplyIds(trial, judgement);
}

/** Types of the refusals that adapters make by themselves onto a channel. */
function refusalTypes(trial: Trial, channel: string): ReadonlySet<number> {
  const { texts } = trial.history;
  return new Set(
    trial.service.flows
      .filter((flow) => flow.refusal !== undefined && (flow.receipts ?? flow.channel) === channel)
      .map((flow) => texts.find(flow.refusal ?? '')),
  );
}

function judgeOwn(
  trial: Trial,
  at: number,
  refusals: ReadonlySet<number>,
  own: Map<string, number>,
  judgement: Judgement,
): void {
  const { stored, texts } = trial.history;
  const { id, source, type, replayFor } = stored.columns;
  const name = `${texts.at(source[at] ?? 0)} ${texts.at(id[at] ?? 0)}`;
  const before = own.get(name);
  if (refusals.has(type[at] ?? 0)) {
    judgement.exercise();
    own.set(name, at);
    if (before !== undefined && replayFor[at] === 0) {
      judgement.fail(() => ({
        expected: 'every message that an adapter makes to have an id of its own',
        observed: `two with source and id ${name}`,
        evidence: [row('stored', before), row('stored', at)],
      }));
    }
    return;
  }
  judgement.fail(() => ({
    expected: 'only ids that an application sent',
    observed: `${texts.at(type[at] ?? 0)} with source and id ${name}, which nobody sent`,
    evidence: [row('stored', at)],
  }));
}

/** Refusals travel on the channel of receipts, which is a flow of its own. */
function judgeReceipts(trial: Trial, judgement: Judgement): void {
  const { flow, service, history } = trial;
  const receipts = service.flows.find((other) => other.channel === flow.receipts && other.channel !== flow.channel);
  if (receipts?.stream === undefined) return;
  const stream = history.texts.find(receipts.stream);
  const refusals = refusalTypes(trial, receipts.channel);
  const own = new Map<string, number>();
  const { columns, length } = history.stored;
  for (let at = 0; at < length; at++) {
    if (columns.stream[at] === stream && columns.message[at] === NONE) judgeOwn(trial, at, refusals, own, judgement);
  }
}

function judgeReplyIds(trial: Trial, judgement: Judgement): void {
  const { send, texts } = trial.history;
  const { status, reply, replyType, replyId, replySource, message } = send.columns;
  const { valid } = violations(trial);
  const refusal = texts.find(trial.flow.refusal ?? '');
  const seen = new Map<string, number>();
  for (let at = 0; at < send.length; at++) {
    if (!isSuccess(status[at] ?? 0) || valid[message[at] ?? NONE] !== 1) continue;
    judgement.exercise();
    const ofNobody = reply[at] === NONE;
    if (ofNobody && replyType[at] !== refusal) {
      judgement.fail(() => ({
        expected: 'a reply that the answering application gave, or a refusal',
        observed: `${texts.at(replyType[at] ?? 0)} ${texts.at(replyId[at] ?? 0)}, which nobody gave`,
        evidence: [row('send', at)],
      }));
    }
    if (send.columns.replyIntact[at] === NO) {
      judgement.fail(() => ({
        application: texts.at(send.columns.application[at] ?? 0),
        expected: 'under the id of a reply the body that the answering application gave',
        observed: 'another body was handed to the caller',
        evidence: rows(['send', at], ['planned', reply[at]]),
      }));
    }
    if (!ofNobody) continue;
    const name = `${String(replySource[at] ?? 0)} ${String(replyId[at] ?? 0)}`;
    const before = seen.get(name);
    seen.set(name, at);
    // The same request asked again is refused under the same id.
    if (before === undefined || message[before] === message[at]) continue;
    judgement.fail(() => ({
      expected: 'every refusal that an adapter makes to have an id of its own',
      observed: `two requests were refused under the id ${texts.at(replyId[at] ?? 0)}`,
      evidence: [row('send', before), row('send', at)],
    }));
  }
}

/** Whether a reply names its request, and has the request's correlation: what does not is ENV-4. */
function isLinked({ history: { planned, send } }: Trial, at: number): boolean {
  const request = send.columns.message[at] ?? NONE;
  const { replyCausation, replyCorrelation } = send.columns;
  return (
    replyCausation[at] === planned.columns.id[request] && replyCorrelation[at] === planned.columns.correlation[request]
  );
}
