import { NONE } from '../model/table.ts';
import { handingMs } from './expiry.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { injectedEvents, SENT, storedRows } from './stored-rows.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isRefusal, isSuccess } from './words.ts';

/**
 * What was past its expiry whenever its application sent it is refused by the sending adapter with a 4xx, and nothing of it goes
 * onto the bus. A 5xx says nothing either way.
 *
 * Relies on `planned.expires`, `send.at`, `.status`, `stored.message`; for request-reply on `delivery.message` and `notice`.
 */
export function judgeSentStale(trial: Trial, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const { valid } = violations(trial);
  const stored = storedRows(trial);
  for (let message = 0; message < planned.length; message++) {
    const tries = rowsOf(sends(trial).byMessage, message);
    const expires = planned.columns.expires[message] ?? Number.NaN;
    if (valid[message] !== 1 || tries.length === 0) continue;
    if (!tries.every((row) => (send.columns.at[row] ?? 0) > expires + handingMs)) continue;
    judgement.exercise(tries.filter((row) => isRefusal(send.columns.status[row] ?? 0)).length);
    const taken = tries.find((row) => isSuccess(send.columns.status[row] ?? 0));
    const leaked = rowsOf(stored.byMessage, message).find((place) => stored.origin[place] === SENT);
    const asked = askedAll(trial, message);
    if (taken === undefined && leaked === undefined && asked === undefined) continue;
    judgement.exercise();
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `the adapter to refuse ${named(trial, message)}, sent past its expiry, with a 4xx, and nothing of it on the bus`,
      observed: taken === undefined ? 'it went onto the bus' : `it was answered ${send.columns.status[taken] ?? 0}`,
      evidence: rows(
        ['planned', message],
        ['send', taken ?? tries[0]],
        ['stored', leaked === undefined ? NONE : stored.rows[leaked]],
        ...(asked === undefined ? [] : [asked]),
      ),
    }));
  }
}

/** What shows that a request went onto the bus that only its own asker can have put there: an answering adapter met it. */
function askedAll(trial: Trial, message: number): readonly ['delivery' | 'notice', number] | undefined {
  if (!isRequestReply(trial) || injectedEvents(trial)[message] === 1) return undefined;
  const handed = rowsOf(handovers(trial).byMessage, message)[0];
  if (handed !== undefined) return ['delivery', handed];
  const noticed = noticedAsExpired(trial).get(message);
  return noticed === undefined ? undefined : ['notice', noticed];
}

const noticedAsExpired = memo((trial: Trial): ReadonlyMap<number, number> => {
  const { notice, texts } = trial.history;
  const { message, reason, application } = notice.columns;
  const expired = texts.find('expired');
  const answerers = new Set(trial.receivers.map((name) => texts.find(name)));
  const found = new Map<number, number>();
  for (let at = 0; at < notice.length; at++) {
    if (reason[at] === expired && answerers.has(application[at] ?? NONE)) found.set(message[at] ?? NONE, at);
  }
  return found;
});
