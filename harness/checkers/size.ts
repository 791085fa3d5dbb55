import { NONE } from '../model/table.ts';
import { sizeOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { storedRows } from './stored-rows.ts';
import { isRequestReply, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { FAIL, INJECTED_EVENT, isRefusal, isSuccess, OK } from './words.ts';

/** What the bus allows for headers beside the largest body, in bytes; what is larger it has to refuse itself. */
export const headerRoomBytes = 8192;

/**
 * The limit itself: a body of exactly the limit is taken, and what is far above is refused by the bus. (One byte over is
 * refused by the adapter: see `judgeSenders`.)
 *
 * Relies on `planned.bytes`, `send.status`, `injection.outcome` (fail where the bus refused).
 */
export function judgeSize(trial: Trial, judgement: Judgement): void {
  const { planned, send, injection, texts } = trial.history;
  const { valid, of } = violations(trial);
  const { maxBytes } = trial.flow;
  const stored = storedRows(trial);
  for (let at = 0; at < send.length; at++) {
    const message = send.columns.message[at] ?? NONE;
    if (valid[message] !== 1 || planned.columns.bytes[message] !== maxBytes) continue;
    const status = send.columns.status[at] ?? 0;
    if (isSuccess(status)) judgement.exercise();
    // What is on the bus was taken, whatever its application heard.
    const kept = isRequestReply(trial) || sizeOf(stored.byMessage, message) > 0;
    if (!isRefusal(status) && (kept || isSuccess(status) || trial.history.fault.length > 0)) continue;
    judgement[isRefusal(status) ? 'fail' : 'lack'](() => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: `a body of ${maxBytes} bytes, exactly the limit, to be taken`,
      observed: `${status} ${texts.at(send.columns.reason[at] ?? 0)}`,
      evidence: rows(['planned', message], ['send', at]),
    }));
  }
  const tooLarge = new Set(of('size'));
  for (let at = 0; at < injection.length; at++) {
    const message = injection.columns.message[at] ?? NONE;
    if (injection.columns.what[at] !== INJECTED_EVENT) continue;
    if (valid[message] === 1 && planned.columns.bytes[message] === maxBytes && injection.columns.outcome[at] === FAIL) {
      judgement.fail(() => ({
        expected: `the bus to take a body of ${maxBytes} bytes, exactly the limit`,
        observed: 'it refused it',
        evidence: [row('planned', message), row('injection', at)],
      }));
    }
    if (!tooLarge.has(message)) continue;
    if ((planned.columns.bytes[message] ?? 0) <= maxBytes + headerRoomBytes) continue;
    if (injection.columns.outcome[at] === FAIL) judgement.exercise();
    if (injection.columns.outcome[at] === OK) {
      judgement.fail(() => ({
        expected: `the bus to refuse ${named(trial, message)} of ${planned.columns.bytes[message] ?? 0} bytes`,
        observed: 'it stored it',
        evidence: [row('planned', message), row('injection', at)],
      }));
    }
  }
}
