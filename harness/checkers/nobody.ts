import { NONE } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { downtimesOf } from './lives.ts';
import { named } from './refusal.ts';
import { lateness } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isRejection } from './words.ts';

/** By when a caller hears that nobody answers. */
export const hearMs = 1000;
/** Time in which the bus may still think that a responder is there which has gone. */
export const goneMs = 100;

/**
 * With no responder the caller is told so, with 503, within a second. Put to the test by a request that begins after the last
 * instance of every answering application has gone, and ends before one is back.
 *
 * Relies on `lifecycle`, `send.at`, `.done`, `.status`, `lag`.
 */
export function judgeNobody(trial: Trial, judgement: Judgement): void {
  const { send, texts } = trial.history;
  const { valid } = violations(trial);
  const away = trial.receivers.map((application) => downtimesOf(trial, application));
  for (let at = 0; at < send.length; at++) {
    const began = send.columns.at[at] ?? 0;
    const done = send.columns.done[at] ?? 0;
    const status = send.columns.status[at] ?? 0;
    const message = send.columns.message[at] ?? NONE;
    if (valid[message] !== 1 || isRejection(status) || status === 0) continue;
    if (!away.every((times) => times.some(({ from, to }) => began > from + goneMs && done < to))) continue;
    judgement.exercise();
    const describe = (observed: string) => () => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: `503 to ${named(trial, message)} within ${hearMs} ms, since nobody was there to answer`,
      observed,
      evidence: rows(['planned', message], ['send', at]),
    });
    const said = lateness(trial, began, done, hearMs);
    if (status !== 503) judgement.fail(describe(`${status} after ${(done - began).toFixed(0)} ms`));
    else if (said === 'late') judgement.fail(describe(`503 after ${(done - began).toFixed(0)} ms`));
    else if (said === 'cannot-say')
      judgement.lag(`the harness's timer lagged while ${named(trial, message)} was answered late`);
  }
}
