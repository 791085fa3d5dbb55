import { NONE } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { REPLAYED, SENT, sourceOf, storedRows } from './stored-rows.ts';
import { isRequestReply, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isSuccess, NO } from './words.ts';

/**
 * Whether adapters left ids alone, and made none twice. An id that nobody planned is an adapter's own: a refusal, where the
 * flow has one, else a change. A body other than the planned one under a planned id is an id used again.
 *
 * Relies on `stored.message`, `.source`, `.id`, `.type`, `.bodyIntact`, and `send.reply*` for request-reply.
 */
export function judgeIds(trial: Trial, judgement: Judgement): void {
  const { stored } = trial.history;
  const facts = stored.columns;
  const seen = storedRows(trial);
  const refusals = refusalTypes(trial, trial.flow.channel);
  const own = new Map<string, number>();
  for (let place = 0; place < seen.rows.length; place++) {
    const at = seen.rows[place] ?? 0;
    if (seen.message[place] === NONE) {
      if (seen.origin[place] !== REPLAYED) judgeOwn(trial, at, refusals, own, judgement);
    } else if (seen.origin[place] === SENT) {
      judgement.exercise();
      if (facts.bodyIntact[at] === NO) {
        judgement.fail(() => ({
          application: sourceOf(trial, at),
          expected: `under the id of ${named(trial, facts.message[at] ?? NONE)} the body that was sent with it`,
          observed: 'another body on the bus: it was changed, or the id was used again',
          evidence: rows(['planned', facts.message[at]], ['stored', at]),
        }));
      }
    }
  }
  judgeReceipts(trial, judgement);
  if (isRequestReply(trial)) judgeReplyIds(trial, judgement);
}

/** Types of the refusals that adapters make by themselves onto a channel. */
function refusalTypes(trial: Trial, channel: string): ReadonlySet<number> {
  const { texts } = trial.history;
  return new Set(
    trial.service.flows
      .filter((flow) => flow.refusal !== undefined && (flow.receipts ?? flow.channel) === channel)
      .map((flow) => texts.find(flow.refusal ?? '')),
  );
}

function judgeOwn(
  trial: Trial,
  at: number,
  refusals: ReadonlySet<number>,
  own: Map<string, number>,
  judgement: Judgement,
): void {
  const { stored, texts } = trial.history;
  const { id, source, type, replayFor } = stored.columns;
  const name = `${texts.at(source[at] ?? 0)} ${texts.at(id[at] ?? 0)}`;
  const before = own.get(name);
  if (refusals.has(type[at] ?? 0)) {
    judgement.exercise();
    own.set(name, at);
    if (before !== undefined && replayFor[at] === 0) {
      judgement.fail(() => ({
        expected: 'every message that an adapter makes to have an id of its own',
        observed: `two with source and id ${name}`,
        evidence: [row('stored', before), row('stored', at)],
      }));
    }
    return;
  }
  judgement.fail(() => ({
    expected: 'only ids that an application sent',
    observed: `${texts.at(type[at] ?? 0)} with source and id ${name}, which nobody sent`,
    evidence: [row('stored', at)],
  }));
}

/** Refusals travel on the channel of receipts, which is a flow of its own. */
function judgeReceipts(trial: Trial, judgement: Judgement): void {
  const { flow, service, history } = trial;
  const receipts = service.flows.find((other) => other.channel === flow.receipts && other.channel !== flow.channel);
  if (receipts?.stream === undefined) return;
  const stream = history.texts.find(receipts.stream);
  const refusals = refusalTypes(trial, receipts.channel);
  const own = new Map<string, number>();
  const { columns, length } = history.stored;
  for (let at = 0; at < length; at++) {
    if (columns.stream[at] === stream && columns.message[at] === NONE) judgeOwn(trial, at, refusals, own, judgement);
  }
}

function judgeReplyIds(trial: Trial, judgement: Judgement): void {
  const { send, texts } = trial.history;
  const { status, reply, replyType, replyId, replySource, message } = send.columns;
  const { valid } = violations(trial);
  const refusal = texts.find(trial.flow.refusal ?? '');
  const seen = new Map<string, number>();
  for (let at = 0; at < send.length; at++) {
    if (!isSuccess(status[at] ?? 0) || valid[message[at] ?? NONE] !== 1) continue;
    judgement.exercise();
    const ofNobody = reply[at] === NONE;
    if (ofNobody && replyType[at] !== refusal) {
      judgement.fail(() => ({
        expected: 'a reply that the answering application gave, or a refusal',
        observed: `${texts.at(replyType[at] ?? 0)} ${texts.at(replyId[at] ?? 0)}, which nobody gave`,
        evidence: [row('send', at)],
      }));
    }
    if (send.columns.replyIntact[at] === NO) {
      judgement.fail(() => ({
        application: texts.at(send.columns.application[at] ?? 0),
        expected: 'under the id of a reply the body that the answering application gave',
        observed: 'another body was handed to the caller',
        evidence: rows(['send', at], ['planned', reply[at]]),
      }));
    }
    if (!ofNobody) continue;
    const name = `${String(replySource[at] ?? 0)} ${String(replyId[at] ?? 0)}`;
    const before = seen.get(name);
    seen.set(name, at);
    // The same request asked again is refused under the same id.
    if (before === undefined || message[before] === message[at]) continue;
    judgement.fail(() => ({
      expected: 'every refusal that an adapter makes to have an id of its own',
      observed: `two requests were refused under the id ${texts.at(replyId[at] ?? 0)}`,
      evidence: [row('send', before), row('send', at)],
    }));
  }
}
