import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { disturbed } from './lives.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { graceMs, lagBetween } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { INJECTED_REPLY, isSuccess, OK } from './words.ts';

/**
 * The right reply that the harness gives in good time reaches its caller, whatever came before it: an asker keeps waiting when a reply is
 * misdirected or invalid, and until its request expires.
 *
 * Relies on `injection` (what reply, `.request`, `.at`, `.done`), `planned.expires`, `.id`, `.causation`, `send.status`, `.at`, `lag`, `fault`,
 * `lifecycle`.
 */
export function judgeGivenReplies(trial: Trial, judgement: Judgement): void {
  const { fault, injection, planned, send, texts } = trial.history;
  if (fault.length > 0) return;
  const { what, outcome, message, request, at: from, done } = injection.columns;
  for (let at = 0; at < injection.length; at++) {
    if (what[at] !== INJECTED_REPLY || outcome[at] !== OK) continue;
    const reply = message[at] ?? NONE;
    const asked = request[at] ?? NONE;
    const [sent] = rowsOf(sends(trial).byMessage, asked);
    const deadline = planned.columns.expires[asked] ?? Number.NaN;
    const isRight =
      violations(trial).valid[reply] === 1 && planned.columns.causation[reply] === planned.columns.id[asked];
    if (!isRight || sent === undefined || (from[at] ?? 0) >= deadline) continue;
    if (isSuccess(send.columns.status[sent] ?? 0)) {
      judgement.exercise();
      continue;
    }
    const application = texts.at(send.columns.application[sent] ?? 0);
    const began = send.columns.at[sent] ?? 0;
    const leftMs = deadline - (done[at] ?? 0);
    const by = Math.max(done[at] ?? 0, send.columns.done[sent] ?? 0);
    if (disturbed(trial, application, began, by)) continue;
    const enoughMs = graceMs(deadline - began);
    // Whoever had stopped waiting by then was not kept from it by a busy machine.
    const gaveUp = deadline - (send.columns.done[sent] ?? 0) > enoughMs;
    if (!gaveUp && (leftMs < enoughMs || lagBetween(trial, began, by).worstMs > leftMs / 4)) {
      judgement.lag(`the right reply to ${named(trial, asked)} may have come too late for its adapter`);
      continue;
    }
    judgement.lack(() => ({
      application,
      expected: `the reply to ${named(trial, asked)} that came ${leftMs.toFixed(0)} ms before its deadline to reach the caller`,
      observed: `${send.columns.status[sent] ?? 0} ${texts.at(send.columns.reason[sent] ?? 0)} after ${((send.columns.done[sent] ?? 0) - began).toFixed(0)} ms`,
      evidence: [...rows(['planned', asked]), row('injection', at), row('send', sent)],
    }));
  }
}
