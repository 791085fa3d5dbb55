import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers, receiversIn } from './handovers.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { repeatedPublishes } from './publishes.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { OPEN, settlementAt, settlements } from './settlements.ts';
import { injectedEvents, storedRows, storedTime } from './stored-rows.ts';
import { receiverAt, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { edgeMs } from './window.ts';
import { isSuccess } from './words.ts';

/**
 * The same id with other content (two planned messages of one source and id): within the window its sender's adapter refuses it
 * with 409, and raises a notice, whatever its adapter remembers where it may read what is stored; outside of it the bus stores it, and the receiver's adapter refuses it as long as it remembers
 * the first, by a termination `conflict`.
 *
 * Relies on `planned.source`, `.id`, `send.status`, `.reason`, `notice` (conflict), `stored`, `delivery`, `acknowledgement.reason`,
 * `streamState`, `lifecycle`.
 */
export function judgeConflicts(trial: Trial, windowMs: number, judgement: Judgement): void {
  const { shared } = identities(trial);
  const { valid } = violations(trial);
  judgeWrongConflicts(trial, judgement);
  judgeWrongEnds(trial, judgement);
  for (const [identity, messages] of shared) {
    if (!messages.every((message) => valid[message] === 1)) continue;
    judgeSent(trial, identity, windowMs, judgement);
    for (const message of messages) judgeReceived(trial, message, messages, judgement);
  }
}

/** A 409 says that an id was used for other content, or that a newer value is there: neither may be said of any other event. */
function judgeWrongConflicts(trial: Trial, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const { of, shared } = identities(trial);
  const { valid } = violations(trial);
  const { message, status, reason, at: sendAt } = send.columns;
  for (let at = 0; at < send.length; at++) {
    const which = message[at] ?? NONE;
    if (status[at] !== 409 || valid[which] !== 1 || shared.has(of[which] ?? NONE)) continue;
    const said = texts.at(reason[at] ?? 0);
    // What is superseded is ORD-4. Of what was published before, an adapter that was started again cannot know what it was.
    const before =
      said === 'conflict-unknown' &&
      (sizeOf(sends(trial).byMessage, which) > 1 || injectedEvents(trial)[which] === 1) &&
      !couldBeRead(trial, of[which] ?? NONE, sendAt[at] ?? 0);
    if (said === 'superseded' || before) continue;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[which] ?? 0),
      expected: `${named(trial, which)}, whose id was used for nothing else, to be taken`,
      observed: `409 ${said}`,
      evidence: rows(['planned', which], ['send', at]),
    }));
  }
}

function judgeSent(trial: Trial, identity: number, windowMs: number, judgement: Judgement): void {
  const { send, texts } = trial.history;
  const publishes = repeatedPublishes(trial).get(identity) ?? [];
  for (const [index, publish] of publishes.entries()) {
    if (publish.table !== 'send') continue;
    const status = send.columns.status[publish.row] ?? 0;
    const reason = texts.at(send.columns.reason[publish.row] ?? 0);
    const before = publishes
      .slice(0, index)
      .filter((other) => other.sure && !other.duplicate && other.done <= publish.at);
    const other = before.find((one) => one.message !== publish.message);
    if (other === undefined || before.some((one) => one.message === publish.message)) continue;
    const evidence = [row(other.table, other.row), row('send', publish.row)];
    const application = texts.at(send.columns.application[publish.row] ?? 0);
    if (status === 409) {
      judgement.exercise();
      if (reason === 'conflict-unknown' && mayRead(trial)) {
        judgement.fail(() => ({
          application,
          expected: `${named(trial, publish.message)} to be compared with what is stored under its id, which the stream's only provider may read`,
          observed: '409 conflict-unknown, and nothing was raised',
          evidence,
        }));
        continue;
      }
      if (reason !== 'conflict' || wasNoticed(trial, publish.message, application)) continue;
      judgement.lack(() => ({
        application,
        expected: `a notice "conflict" of ${named(trial, publish.message)}`,
        observed: 'it was refused with 409, and nothing was raised',
        evidence,
      }));
    } else if (isSuccess(status) && publish.done - other.at < windowMs) {
      judgement.fail(() => ({
        application,
        expected: `${named(trial, publish.message)}, whose id was used for other content before, to be refused with 409`,
        observed: `${status}`,
        evidence,
      }));
    } else if (isSuccess(status) && publish.at - other.done <= windowMs + edgeMs) {
      judgement.note('at the edge of the dedupe window either answer is right');
    }
  }
}

/** Whether its only sender may read all that was ever in the stream. */
const mayRead = (trial: Trial): boolean => trial.flow.senders.length === 1 && isWhole(trial);

/** Whether the stream had an event with the id from before a moment on to its end, and its sender may read it. */
function couldBeRead(trial: Trial, identity: number, at: number): boolean {
  if (!mayRead(trial)) return false;
  const { of } = identities(trial);
  const seen = storedRows(trial);
  return seen.rows.some((_, place) => of[seen.message[place] ?? NONE] === identity && storedTime(trial, place) < at);
}

/** Whether nothing was ever taken out of the stream. */
function isWhole(trial: Trial): boolean {
  const { stream, first, last, messages } = trial.history.streamState.columns;
  const state = stream.lastIndexOf(trial.streamText);
  return state >= 0 && (messages[state] ?? 0) === (last[state] ?? 0) - (first[state] ?? 0) + 1;
}

function wasNoticed(trial: Trial, message: number, application: string): boolean {
  const { notice, planned, texts } = trial.history;
  const { id, source } = planned.columns;
  const reason = texts.find('conflict');
  const name = texts.find(application);
  for (let at = 0; at < notice.length; at++) {
    const columns = notice.columns;
    if (columns.reason[at] !== reason || columns.application[at] !== name) continue;
    if (columns.id[at] === id[message] && columns.source[at] === source[message]) return true;
  }
  return false;
}

/** What an application took is no conflict when it comes again, whatever came of its id between. */
function judgeWrongEnds(trial: Trial, judgement: Judgement): void {
  const seen = storedRows(trial);
  const { accepted } = handovers(trial);
  const { done } = trial.history.delivery.columns;
  const width = trial.receivers.length;
  const { of, shared } = identities(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (message === NONE || violations(trial).valid[message] !== 1) continue;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const settled = settlementAt(trial, place * width + receiver);
      const taken = accepted[message * width + receiver] ?? NONE;
      if (settled?.reason !== 'conflict' || taken === NONE || settled.at < (done[taken] ?? 0)) continue;
      const others = (shared.get(of[message] ?? NONE) ?? []).filter((other) => other !== message);
      if (others.some((other) => accepted[other * width + receiver] !== NONE)) continue;
      judgement.fail(() => ({
        application: receiverAt(trial, receiver),
        expected: `${named(trial, message)}, which was taken before, to be acknowledged when it comes again`,
        observed: 'it was ended as "conflict"',
        evidence: [...rows(['delivery', taken], ['stored', seen.rows[place]]), settled.evidence],
      }));
    }
  }
}

function judgeReceived(trial: Trial, message: number, messages: readonly number[], judgement: Judgement): void {
  const { delivery } = trial.history;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { end } = settlements(trial);
  for (const place of rowsOf(seen.byMessage, message)) {
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const application = receiverAt(trial, receiver);
      const taken = messages
        .filter((other) => other !== message)
        .map((other) => handed.accepted[other * width + receiver] ?? NONE)
        .find((at) => at !== NONE);
      if (taken === undefined || end[place * width + receiver] === OPEN) continue;
      const takenAt = delivery.columns.done[taken] ?? 0;
      const settled = settlementAt(trial, place * width + receiver);
      if (settled === undefined || settled.at < takenAt) continue;
      const instance = delivery.columns.instance[taken] ?? 0;
      const remembered = livedOn(trial, application, instance, takenAt, settled.at);
      const again = rowsOf(handed.byMessage, message).find(
        (at) =>
          handed.receiver[at] === receiver &&
          delivery.columns.instance[at] === instance &&
          (delivery.columns.at[at] ?? 0) > takenAt,
      );
      // Another instance, or one that was started again, does not remember; then its application is what ignores the id.
      if (!remembered) continue;
      if (again !== undefined) {
        judgement.fail(() => ({
          application,
          expected: `${named(trial, message)}, whose id was taken with other content before, not to be handed over`,
          observed: 'it was',
          evidence: rows(['delivery', taken], ['delivery', again]),
        }));
      } else if (settled.reason === 'conflict') judgement.exercise();
      else if (!handedToAnother(trial, message, receiver)) {
        judgement.fail(() => ({
          application,
          expected: `${named(trial, message)}, whose id was taken with other content before, to be ended as "conflict"`,
          observed: settled.reason === '' ? 'it was acknowledged without a word' : `it was ended as ${settled.reason}`,
          evidence: [...rows(['delivery', taken], ['stored', seen.rows[place]]), settled.evidence],
        }));
      }
    }
  }
}

/** Whether any instance handed it over: one that does not remember the first. */
function handedToAnother(trial: Trial, message: number, receiver: number): boolean {
  return handovers(trial).first[message * trial.receivers.length + receiver] !== NONE;
}
