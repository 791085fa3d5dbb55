import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { INJECTED_REPLY, isSuccess, OK } from './words.ts';

/**
 * A reply that comes late, or to somebody else's request, is handed to no caller and put on record: a notice `late` or
 * `misdirected` of the asking application's adapter. One that the harness gives in time and to the right request is an answer.
 *
 * Relies on `injection` (what reply, `.request`, `.at`, `.done`), `send.reply`, `.replyCausation`, `.done`, `planned.id`, `.causation`,
 * `notice` (`.message`, else `.id`).
 */
export function judgeStrayReplies(trial: Trial, judgement: Judgement): void {
  const { injection } = trial.history;
  for (let at = 0; at < injection.length; at++) {
    if (injection.columns.what[at] === INJECTED_REPLY && injection.columns.outcome[at] === OK)
      judgeInjected(trial, at, judgement);
  }
  judgeCallers(trial, judgement);
}

function judgeInjected(trial: Trial, at: number, judgement: Judgement): void {
  const { injection, planned, send, texts } = trial.history;
  const reply = injection.columns.message[at] ?? NONE;
  const request = injection.columns.request[at] ?? NONE;
  // Whether an invalid reply is taken is SCH-2.
  if (violations(trial).valid[reply] !== 1) return;
  const asked = rowsOf(sends(trial).byMessage, request);
  const misdirected = planned.columns.causation[reply] !== planned.columns.id[request];
  const late =
    asked.length > 0 && asked.every((row) => (send.columns.done[row] ?? 0) < (injection.columns.at[at] ?? 0));
  if (!misdirected && !late) return;
  judgement.exercise();
  const handed = rowsOf(sends(trial).byReply, reply).find(
    (row) => (send.columns.done[row] ?? 0) >= (injection.columns.at[at] ?? 0),
  );
  if (handed !== undefined) {
    judgement.fail(() => ({
      application: texts.at(send.columns.application[handed] ?? 0),
      expected: `the ${misdirected ? 'misdirected' : 'late'} reply ${named(trial, reply)} to be handed to no caller`,
      observed: `it answered ${named(trial, send.columns.message[handed] ?? NONE)}`,
      evidence: [row('injection', at), row('send', handed)],
    }));
    return;
  }
  // Whoever takes several replies at once may come to it when the right one has been handed over: nobody waits for it then.
  const answered = asked.some((row) => isSuccess(send.columns.status[row] ?? 0));
  if (wasNoticed(trial, reply, misdirected, late || answered)) return;
  judgement.lack(() => ({
    application: texts.at(planned.columns.application[request] ?? 0),
    expected: `a notice "${misdirected ? 'misdirected' : 'late'}" of ${named(trial, reply)}`,
    observed: 'there is none',
    evidence: rows(['planned', reply], ['injection', at]),
  }));
}

function wasNoticed(trial: Trial, reply: number, misdirected: boolean, late: boolean): boolean {
  const { notice, planned, texts } = trial.history;
  const wanted = new Set(
    [...(misdirected ? ['misdirected'] : []), ...(late ? ['late'] : [])].map((word) => texts.find(word)),
  );
  for (let at = 0; at < notice.length; at++) {
    const { reason, message, id } = notice.columns;
    if (wanted.has(reason[at] ?? 0) && (message[at] === reply || id[at] === planned.columns.id[reply])) return true;
  }
  return false;
}

/** No caller, whatever came, holds a reply to another request than its own. */
function judgeCallers(trial: Trial, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const { message, status, replyCausation } = send.columns;
  for (let at = 0; at < send.length; at++) {
    const request = message[at] ?? NONE;
    if (!isSuccess(status[at] ?? 0) || planned.columns.flow[request] !== trial.flowText) continue;
    if (replyCausation[at] === planned.columns.id[request]) continue;
    judgement.fail(() => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: `a reply to ${named(trial, request)} and to no other request`,
      observed: `a reply to ${texts.at(replyCausation[at] ?? 0)}`,
      evidence: rows(['planned', request], ['send', at]),
    }));
  }
}
