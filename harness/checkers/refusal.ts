import { isProblemFault } from '../model/problem-details.ts';
import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { disturbed, wasReady } from './lives.ts';
import { sends } from './sends.ts';
import { OPEN, settlements } from './settlements.ts';
import { injectedEvents, INJECTED, SENT, storedRows } from './stored-rows.ts';
import { graceMs, lagBetween } from './timing.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { otherModes, violations, type ViolationKind } from './violation.ts';
import { FAIL, INJECTED_EVENT, INJECTED_REPLY, isRefusal, isSuccess, OK, REPLY_ROLE } from './words.ts';

/**
 * What breaks the contract on purpose, at the sender: an application sends it, and its adapter has to refuse it, with the status and
 * the problem details of the port, and put nothing on the bus. A 5xx says nothing either way and tests nothing, but for one that came at once from an
 * adapter that nothing had befallen. An invalid reply that the script has an answering application give must come to the asker as a refusal.
 *
 * Relies on `planned.violation`, `send.status`, `.reason`, `stored.message`, `delivery.message`, `delivery.reply`, `send.reply`, `lifecycle`, `fault`, `lag`.
 */
export function judgeSenders(trial: Trial, kinds: readonly ViolationKind[], judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const stored = storedRows(trial);
  const handed = handovers(trial);
  const injected = injectedEvents(trial);
  for (const [kind, message] of kinds.flatMap((of) =>
    violations(trial)
      .of(of)
      .map((each) => [of, each] as const),
  )) {
    if (planned.columns.role[message] === REPLY_ROLE) {
      judgeReply(trial, message, judgement);
      continue;
    }
    const tries = rowsOf(sends(trial).byMessage, message);
    const refusals = tries.filter((row) => isRefusal(send.columns.status[row] ?? 0));
    const refused = refusals.length;
    for (const row of refusals) judgeRefusal(trial, kind, row, judgement);
    const [first] = tries;
    if (first !== undefined && tries.every((row) => isUnknownAtOnce(trial, row)))
      judgeRefusal(trial, kind, first, judgement);
    const through = tries.find((row) => isSuccess(send.columns.status[row] ?? 0));
    const leaked = rowsOf(stored.byMessage, message).find((place) => stored.origin[place] === SENT);
    const delivered =
      isRequestReply(trial) && injected[message] === 0 ? rowsOf(handed.byMessage, message)[0] : undefined;
    judgement.exercise(refused);
    if (through === undefined && leaked === undefined && delivered === undefined) continue;
    judgement.exercise();
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `the adapter to refuse ${named(trial, message)} with a 4xx, and nothing of it on the bus`,
      observed:
        through === undefined
          ? 'it went onto the bus'
          : `${send.columns.status[through] ?? 0}${leaked === undefined ? '' : ', and it was stored'}`,
      evidence: rows(
        ['planned', message],
        ['send', through ?? tries[0]],
        ['stored', leaked === undefined ? NONE : stored.rows[leaked]],
        ['delivery', delivered],
      ),
    }));
  }
}

/** Statuses with which an event that breaks the contract in a way is refused (S1). Without its attributes it may be taken for another mode. */
function statusesOf(kind: ViolationKind, violation: string): readonly number[] {
  if (kind === 'size') return [413];
  if (otherModes.includes(violation)) return [415];
  return kind === 'header' ? [415, 422] : [422];
}

function judgeRefusal(trial: Trial, kind: ViolationKind, sent: number, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const [status, reason] = [send.columns.status[sent] ?? 0, texts.at(send.columns.reason[sent] ?? 0)];
  const message = send.columns.message[sent] ?? NONE;
  const statuses = statusesOf(kind, texts.at(planned.columns.violation[message] ?? 0));
  if (statuses.includes(status) && !isProblemFault(reason)) return;
  judgement.fail(() => ({
    application: texts.at(planned.columns.application[message] ?? 0),
    expected: `${named(trial, message)} to be refused with ${statuses.join(' or ')}, as application/problem+json of a type urn:busworthy:<reason>`,
    observed: `${status}${isProblemFault(reason) ? `, ${reason}` : ''}`,
    evidence: rows(['planned', message], ['send', sent]),
  }));
}

/** How long an answer takes at most that had nothing of the bus to wait for. */
const promptMs = 1000;

/** Whether an application was told at once that the outcome is unknown, by an adapter that was ready and that nothing had befallen. */
function isUnknownAtOnce(trial: Trial, sent: number): boolean {
  const { fault, send, texts } = trial.history;
  const { at, done, status, application } = send.columns;
  const [began, ended, name] = [at[sent] ?? 0, done[sent] ?? 0, texts.at(application[sent] ?? 0)];
  return (
    (status[sent] ?? 0) >= 500 &&
    fault.length === 0 &&
    ended - began < promptMs &&
    wasReady(trial, name, began) &&
    !disturbed(trial, name, began, ended) &&
    lagBetween(trial, began, ended).worstMs <= graceMs(0)
  );
}

function judgeReply(trial: Trial, reply: number, judgement: Judgement): void {
  const { delivery, texts } = trial.history;
  const given = delivery.columns.reply.indexOf(reply);
  if (given < 0 || !isSuccess(delivery.columns.status[given] ?? 0)) return;
  judgement.exercise();
  const handed = rowsOf(sends(trial).byReply, reply)[0];
  if (handed === undefined) return;
  judgement.fail(() => ({
    application: texts.at(delivery.columns.application[given] ?? 0),
    expected: `the answering adapter to send a refusal in place of ${named(trial, reply)}`,
    observed: 'the asking application was handed that reply',
    evidence: rows(['planned', reply], ['delivery', given], ['send', handed]),
  }));
}

/**
 * What breaks the contract on purpose, at the receiver: it is on the bus (the harness put it there, or a sender's adapter let it
 * through), and no application may be handed it. It tests a receiver that settled it, or was handed it.
 *
 * Relies on `planned.violation`, `stored.message`, `delivery.message`, `acknowledgement`, and for request-reply on `injection`.
 */
export function judgeReceivers(trial: Trial, kinds: readonly ViolationKind[], judgement: Judgement): void {
  const { planned, delivery, texts } = trial.history;
  const stored = storedRows(trial);
  const width = trial.receivers.length;
  const { end } = settlements(trial);
  const handed = handovers(trial);
  for (const message of kinds.flatMap((kind) => violations(trial).of(kind))) {
    if (planned.columns.role[message] === REPLY_ROLE) {
      judgeInjectedReply(trial, message, judgement);
      continue;
    }
    const places = rowsOf(stored.byMessage, message);
    for (const place of places) {
      for (const receiver of receiversIn(stored.entitled[place] ?? 0)) {
        if (end[place * width + receiver] !== OPEN) judgement.exercise();
      }
    }
    if (isRequestReply(trial)) judgement.exercise(answeredInjections(trial, message));
    const own = places.find((place) => stored.origin[place] === INJECTED) ?? places[0];
    for (const row of rowsOf(handed.byMessage, message)) {
      judgement.fail(() => ({
        application: texts.at(delivery.columns.application[row] ?? 0),
        expected: `${named(trial, message)} never to reach an application`,
        observed: `${texts.at(delivery.columns.application[row] ?? 0)} was handed it`,
        evidence: rows(
          ['planned', message],
          ['stored', own === undefined ? NONE : stored.rows[own]],
          ['delivery', row],
        ),
      }));
    }
  }
}

/** Requests of the harness's own that an answerer met: it replied. */
function answeredInjections(trial: Trial, message: number): number {
  const { injection } = trial.history;
  let met = 0;
  for (let row = 0; row < injection.length; row++) {
    if (injection.columns.message[row] !== message || injection.columns.what[row] !== INJECTED_EVENT) continue;
    if (injection.columns.outcome[row] === OK) met++;
  }
  return met;
}

function judgeInjectedReply(trial: Trial, reply: number, judgement: Judgement): void {
  const { injection, send, texts } = trial.history;
  const handed = rowsOf(sends(trial).byReply, reply)[0];
  for (let row = 0; row < injection.length; row++) {
    if (injection.columns.message[row] !== reply || injection.columns.what[row] !== INJECTED_REPLY) continue;
    if (injection.columns.outcome[row] !== FAIL) judgement.exercise();
  }
  if (handed === undefined) return;
  judgement.fail(() => ({
    application: texts.at(send.columns.application[handed] ?? 0),
    expected: `${named(trial, reply)} never to reach the asking application`,
    observed: 'it was handed it as the reply',
    evidence: rows(['planned', reply], ['send', handed]),
  }));
}

/** A planned message in words: its type and what is wrong with it, without content. */
export function named(trial: Trial, message: number): string {
  const { planned, texts } = trial.history;
  const type = texts.at(planned.columns.type[message] ?? 0);
  const id = texts.at(planned.columns.id[message] ?? 0);
  const violation = texts.at(planned.columns.violation[message] ?? 0);
  return `${type} ${id}${violation === '' ? '' : ` (breaks ${violation})`}`;
}
