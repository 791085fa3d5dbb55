import { NONE } from '../model/table.ts';
import type { Failure } from '../model/verdict.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { SENT, storedRows } from './stored-rows.ts';
import { isRequestReply, row, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isSuccess, NO, YES } from './words.ts';

/**
 * Correlation and causation on every hop. A hop after one that broke the chain is not blamed.
 *
 * Relies on `stored.chainIntact`, `delivery.chainIntact`, and for replies `send.replyCausation`, `.replyCorrelation` beside
 * `planned.id`, `.correlation` of the request.
 */
export function judgeChain(trial: Trial, judgement: Judgement): void {
  const { delivery, planned, stored, texts } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const brokenBefore = new Uint8Array(planned.length);
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    const message = seen.message[place] ?? NONE;
    if (message === NONE || seen.origin[place] !== SENT) continue;
    if (stored.columns.chainIntact[at] === YES) judgement.exercise();
    if (stored.columns.chainIntact[at] !== NO) continue;
    brokenBefore[message] = 1;
    judgement.fail(() => changed(texts.at(planned.columns.application[message] ?? 0), 'stored', at));
  }
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (message === NONE || brokenBefore[message] === 1) continue;
    if (delivery.columns.chainIntact[at] === YES) judgement.exercise();
    if (delivery.columns.chainIntact[at] === NO) {
      judgement.fail(() => changed(texts.at(delivery.columns.application[at] ?? 0), 'delivery', at));
    }
  }
  if (!isRequestReply(trial)) return;
  const { status, message, replyCausation, replyCorrelation, application } = trial.history.send.columns;
  for (let at = 0; at < trial.history.send.length; at++) {
    const request = message[at] ?? NONE;
    if (!isSuccess(status[at] ?? 0) || valid[request] !== 1) continue;
    judgement.exercise();
    const linked =
      replyCausation[at] === planned.columns.id[request] &&
      replyCorrelation[at] === planned.columns.correlation[request];
    if (linked) continue;
    judgement.fail(() => ({
      application: texts.at(application[at] ?? 0),
      expected: 'a reply with the request as its causation, and the correlation of the request',
      observed: `causation ${texts.at(replyCausation[at] ?? 0)}, correlation ${texts.at(replyCorrelation[at] ?? 0)}`,
      evidence: [row('planned', request), row('send', at)],
    }));
  }
}

const changed = (application: string, table: 'stored' | 'delivery', at: number): Failure => ({
  application,
  expected: 'correlation and causation ids as the sending application set them',
  observed: table === 'stored' ? 'others on the bus' : 'others at the receiving application',
  evidence: [row(table, at)],
});
