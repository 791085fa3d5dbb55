import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { SENT, storedRows } from './stored-rows.ts';
import { isRequestReply, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isRefusal, isSuccess, NO, YES } from './words.ts';

const wellFormed = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}/;

const malformedMessages = memo((trial: Trial): ReadonlySet<number> => {
  const { planned, texts } = trial.history;
  const found = new Set<number>(violations(trial).of('trace'));
  for (let message = 0; message < planned.length; message++) {
    const trace = planned.columns.trace[message] ?? 0;
    if (trace !== 0 && !wellFormed.test(texts.at(trace))) found.add(message);
  }
  return found;
});

/** Whether a planned message has trace context that is none. Relies on `planned.trace`, its `traceparent` ('' for none). */
export const malformedTrace = (trial: Trial, message: number): boolean => malformedMessages(trial).has(message);

/**
 * Trace context on every hop; and that a malformed one stops nothing, save in request-reply, whose header schemas ask for
 * a sampled one.
 *
 * Relies on `stored.traceIntact`, `delivery.traceIntact`, `send.replyTrace`, `planned.trace`, `send.status`.
 */
export function judgeTrace(trial: Trial, judgement: Judgement): void {
  const { delivery, planned, send, stored, texts } = trial.history;
  const seen = storedRows(trial);
  const lost = new Uint8Array(planned.length);
  const fail = (application: string, table: 'stored' | 'delivery' | 'send', at: number): void => {
    judgement.fail(() => ({
      application,
      expected: 'traceparent and tracestate as they were given',
      observed: 'others, or none',
      evidence: [row(table, at)],
    }));
  };
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    const message = seen.message[place] ?? NONE;
    if (message === NONE || seen.origin[place] !== SENT) continue;
    if (stored.columns.traceIntact[at] === YES) judgement.exercise();
    if (stored.columns.traceIntact[at] !== NO) continue;
    lost[message] = 1;
    fail(texts.at(planned.columns.application[message] ?? 0), 'stored', at);
  }
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (message === NONE || lost[message] === 1) continue;
    if (delivery.columns.traceIntact[at] === YES) judgement.exercise();
    if (delivery.columns.traceIntact[at] === NO) fail(texts.at(delivery.columns.application[at] ?? 0), 'delivery', at);
  }
  if (isRequestReply(trial)) {
    const { status, replyTrace, application } = send.columns;
    for (let at = 0; at < send.length; at++) {
      if (!isSuccess(status[at] ?? 0)) continue;
      if (replyTrace[at] === YES) judgement.exercise();
      if (replyTrace[at] === NO) fail(texts.at(application[at] ?? 0), 'send', at);
    }
    return;
  }
  for (const message of malformedMessages(trial)) judgeMalformed(trial, message, judgement);
}

function judgeMalformed(trial: Trial, message: number, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  if (planned.columns.flow[message] !== trial.flowText || violations(trial).valid[message] !== 1) return;
  for (const at of rowsOf(sends(trial).byMessage, message)) {
    const status = send.columns.status[at] ?? 0;
    if (isSuccess(status)) judgement.exercise();
    if (!isRefusal(status)) continue;
    judgement.fail(() => ({
      application: texts.at(send.columns.application[at] ?? 0),
      expected: `${named(trial, message)} to be taken, whatever its traceparent is`,
      observed: `${status} ${texts.at(send.columns.reason[at] ?? 0)}`,
      evidence: rows(['planned', message], ['send', at]),
    }));
  }
}
