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
  judgeRefusals(trial, judgement);
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

/** Refusals that adapters made of this flow's events, on its own channel or on that of its receipts. */
function judgeRefusals(trial: Trial, judgement: Judgement): void {
  const { flow, service, history } = trial;
  const channel = flow.receipts ?? flow.channel;
  const stream = service.flows.find((other) => other.channel === channel)?.stream;
  if (flow.refusal === undefined || stream === undefined) return;
  const { texts, stored } = history;
  const [streamText, type] = [texts.find(stream), texts.find(flow.refusal)];
  const { columns } = stored;
  for (let at = 0; at < stored.length; at++) {
    if (columns.stream[at] !== streamText || columns.type[at] !== type || columns.message[at] !== NONE) continue;
    if (columns.chainIntact[at] === YES) judgement.exercise();
    if (columns.chainIntact[at] !== NO) continue;
    judgement.fail(() => ({
      expected: 'a refusal with the refused event as its causation, and the correlation of that event',
      observed: 'others on the bus',
      evidence: [row('stored', at)],
    }));
  }
}
