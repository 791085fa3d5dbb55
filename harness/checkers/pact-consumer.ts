import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, hasReceiver } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { BROKEN, called, pactRows, STIMULUS, type PactRow } from './pact-rows.ts';
import { sends } from './sends.ts';
import { ACKED, OPEN, settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { INJECTED_EVENT, INJECTED_REPLY, isSuccess, OK, YES } from './words.ts';

const INVALID = codeOf(tableShapes.injection.replyReason, 'invalid');

/**
 * What a consumer's pact expects, and what its rules allow in its place, is handed to its application as it was sent and is
 * acknowledged; what breaks it is never handed over, and ends as the flow declares.
 *
 * Relies on `contract` (`as`), `stored`, `delivery` (`.bodyIntact`, `.headersIntact`, `.effect`), `acknowledgement`, `deadLetter`, and for
 * request-reply on `injection` (`.replyType`, `.replyReason`) and `send` (`.reply`, `.replyIntact`, `.replyHeaders`, `.status`).
 */
export function judgePactConsumer(trial: Trial, judgement: Judgement): void {
  const tried = pactRows(trial).filter(({ as, pending }) => as !== STIMULUS && !pending);
  for (const each of tried) {
    if (each.part === 'request') judgeRequest(trial, judgement, each);
    else if (isRequestReply(trial)) judgeReply(trial, judgement, each);
    else if (each.as === BROKEN) judgeBroken(trial, judgement, each);
    else judgeAllowed(trial, judgement, each);
  }
  if (tried.length === 0) return;
  for (const pact of trial.flow.pacts ?? []) {
    for (const [index, { description, pending }] of pact.interactions.entries()) {
      if (pending || tried.some((each) => each.pact === pact.name && each.interaction === index)) continue;
      judgement.undecide(`nothing was sent for ${JSON.stringify(description)} of ${pact.name}`);
    }
  }
}

function judgeAllowed(trial: Trial, judgement: Judgement, each: PactRow): void {
  const { delivery } = trial.history;
  const { bodyIntact, headersIntact, effect } = delivery.columns;
  const handed = handovers(trial);
  const receiver = trial.receivers.indexOf(each.consumer);
  const own = rowsOf(handed.byMessage, each.message).filter((at) => handed.receiver[at] === receiver);
  const evidence = rows(['contract', each.rows[0]], ['planned', each.message], ['delivery', own[0]]);
  const expected = `${called(each)}, to be handed to ${each.consumer} as it was sent, and acknowledged`;
  const changed = own.find((at) => bodyIntact[at] !== YES || headersIntact[at] !== YES);
  if (changed !== undefined) {
    judgement.exercise();
    const what = bodyIntact[changed] === YES ? 'its headers' : 'its body';
    judgement.fail(() => ({ application: each.consumer, expected, observed: `${what} had been changed`, evidence }));
    return;
  }
  const ended = endingsOf(trial, each.message, receiver);
  const taken = own.some((at) => effect[at] === YES);
  if (taken && ended.includes(ACKED)) {
    judgement.exercise();
    return;
  }
  const observed = !taken ? 'it was never handed over' : 'it was never acknowledged';
  judgement.lack(() => ({ application: each.consumer, expected, observed, evidence }));
}

function judgeBroken(trial: Trial, judgement: Judgement, each: PactRow): void {
  const handed = handovers(trial);
  const receiver = trial.receivers.indexOf(each.consumer);
  const own = rowsOf(handed.byMessage, each.message).filter((at) => handed.receiver[at] === receiver);
  const ended = endingsOf(trial, each.message, receiver);
  const evidence = rows(['contract', each.rows[0]], ['planned', each.message], ['delivery', own[0]]);
  const expected = `what breaks ${called(each)}, to be kept from ${each.consumer}, and to end as ${trial.flow.badInput}`;
  if (own.length > 0) {
    judgement.exercise();
    judgement.fail(() => ({ application: each.consumer, expected, observed: 'it was handed over', evidence }));
    return;
  }
  // Not on a subject that reaches this consumer: it was not tried.
  if (ended.length === 0) return;
  const dead = trial.flow.badInput !== 'dead-letter' || isDeadLettered(trial, each);
  if (!ended.includes(OPEN) && !ended.includes(ACKED) && dead) {
    judgement.exercise();
    return;
  }
  const observed = ended.includes(ACKED)
    ? 'it was acknowledged'
    : ended.includes(OPEN)
      ? 'it was never settled'
      : 'there is no dead letter of it';
  judgement[ended.includes(ACKED) ? 'fail' : 'lack'](() => ({
    application: each.consumer,
    expected,
    observed,
    evidence,
  }));
}

/** How each stored copy of a message that reaches a receiver ended for it. */
function endingsOf(trial: Trial, message: number, receiver: number): readonly number[] {
  const stored = storedRows(trial);
  const { end } = settlements(trial);
  return [...rowsOf(stored.byMessage, message)]
    .filter((place) => hasReceiver(stored.entitled[place] ?? 0, receiver))
    .map((place) => end[place * trial.receivers.length + receiver] ?? OPEN);
}

function isDeadLettered(trial: Trial, { message, consumer }: PactRow): boolean {
  const { deadLetter, texts } = trial.history;
  const application = texts.find(consumer);
  return deadLetter.columns.message.some(
    (of, at) => of === message && deadLetter.columns.application[at] === application,
  );
}

/** A request that breaks the contract where the pact speaks: no application answers it, and its asker is told why. */
function judgeRequest(trial: Trial, judgement: Judgement, each: PactRow): void {
  const { injection, texts } = trial.history;
  const { what, outcome, message, replyType, replyReason } = injection.columns;
  const put = message.findIndex((of, at) => of === each.message && what[at] === INJECTED_EVENT);
  if (put < 0) return;
  const [handed] = rowsOf(handovers(trial).byMessage, each.message);
  const evidence = rows(['contract', each.rows[0]], ['injection', put], ['delivery', handed]);
  const expected = `what breaks ${called(each)}, to be kept from ${each.provider}, and to be answered by a refusal, invalid`;
  const fail = (observed: string): void => {
    judgement.exercise();
    judgement.fail(() => ({ application: each.provider, expected, observed, evidence }));
  };
  if (handed !== undefined) fail('it was handed over');
  else if (outcome[put] !== OK)
    judgement.lack(() => ({ application: each.provider, expected, observed: 'nobody answered it', evidence }));
  else if (texts.at(replyType[put] ?? 0) !== trial.flow.refusal)
    fail(`it was answered by ${texts.at(replyType[put] ?? 0) || 'something without a type'}`);
  else if (replyReason[put] !== INVALID) fail('it was refused for another reason');
  else judgement.exercise();
}

function judgeReply(trial: Trial, judgement: Judgement, each: PactRow): void {
  const { send, injection } = trial.history;
  const { what, outcome, request, message } = injection.columns;
  const put = message.findIndex((of, at) => of === each.message && what[at] === INJECTED_REPLY && outcome[at] === OK);
  // A reply that never was put on the bus tried nobody; the trial has a problem then.
  if (put < 0) return;
  const asked = request[put] ?? NONE;
  const [tries] = [rowsOf(sends(trial).byMessage, asked)];
  const got = rowsOf(sends(trial).byReply, each.message)[0];
  const evidence = rows(['contract', each.rows[0]], ['injection', put], ['send', got ?? tries[0]]);
  if (each.as === BROKEN) {
    const expected = `what breaks ${called(each)}, to be kept from ${each.consumer}, and its request to end with an error`;
    const through = got ?? tries.find((at) => isSuccess(send.columns.status[at] ?? 0));
    judgement.exercise();
    if (through !== undefined)
      judgement.fail(() => ({ application: each.consumer, expected, observed: 'it was handed over', evidence }));
    return;
  }
  const expected = `${called(each)}, to be handed to ${each.consumer} as it was sent`;
  if (got === undefined) {
    judgement.lack(() => ({ application: each.consumer, expected, observed: 'it was never handed over', evidence }));
    return;
  }
  judgement.exercise();
  if (send.columns.replyIntact[got] === YES && send.columns.replyHeaders[got] === YES) return;
  const changed = send.columns.replyIntact[got] === YES ? 'its headers' : 'its body';
  judgement.fail(() => ({ application: each.consumer, expected, observed: `${changed} had been changed`, evidence }));
}
