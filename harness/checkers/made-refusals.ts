import { NONE } from '../model/table.ts';
import type { Evidence } from '../model/verdict.ts';
import type { Judgement } from './judgement.ts';
import { isRequestReply, row, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isSuccess } from './words.ts';

/** What a refusal has, by header and by member of its payload, in words. */
const due: Readonly<Record<string, string>> = {
  'ce-id': 'the id of what it refuses with "-refused" after it, so that one that is repeated is a duplicate',
  'ce-source': 'its application as its source, urn:application:<name>',
  'ce-time': 'the time at which it was made',
  'ce-classification': 'the classification of what it refuses',
  'ce-partitionkey': 'the partition key of what it refuses',
  traceparent: 'the trace context of what it refuses',
  tracestate: 'the trace state of what it refuses',
  '/retryable': 'retryable true where it says "unavailable", and false where it does not',
  '/copies': 'the members that it has in common with what it refuses as they are there',
};

/**
 * The attributes and members that an adapter gives the refusals which it makes of this flow's valid events, by the clause that each is for.
 *
 * Relies on `stored.refusalFaults`, `.stream`, `.type`, `.message`, and for request-reply on `send.replyRefusalFaults`, `.replyReason`.
 */
export function judgeMadeRefusals(trial: Trial, judgements: Readonly<Record<string, Judgement>>): void {
  const { texts } = trial.history;
  for (const { faults, application, evidence } of madeRefusals(trial)) {
    const wrong = new Set(texts.at(faults).split(' '));
    for (const [name, judgement] of Object.entries(judgements)) {
      judgement.exercise();
      if (!wrong.has(name)) continue;
      judgement.fail(() => ({
        ...(application === undefined ? {} : { application }),
        expected: `a refusal with ${due[name] ?? name}`,
        observed: `another ${name}, or none`,
        evidence: [evidence],
      }));
    }
  }
}

interface MadeRefusal {
  readonly faults: number;
  readonly application?: string;
  readonly evidence: Evidence;
}

function* madeRefusals(trial: Trial): Generator<MadeRefusal> {
  const { flow, service, history } = trial;
  const { send, stored, texts } = history;
  if (flow.refusal === undefined) return;
  const [only] = trial.receivers.length === 1 ? trial.receivers : [];
  const by = only === undefined ? {} : { application: only };
  if (isRequestReply(trial)) {
    const { status, message, replyReason, replyRefusalFaults } = send.columns;
    for (let at = 0; at < send.length; at++) {
      if (!isSuccess(status[at] ?? 0) || replyReason[at] === 0) continue;
      if (violations(trial).valid[message[at] ?? NONE] !== 1) continue;
      yield { faults: replyRefusalFaults[at] ?? 0, ...by, evidence: row('send', at) };
    }
    return;
  }
  const stream = service.flows.find((other) => other.channel === flow.receipts)?.stream;
  if (stream === undefined) return;
  const [streamText, type] = [texts.find(stream), texts.find(flow.refusal)];
  const { columns } = stored;
  for (let at = 0; at < stored.length; at++) {
    if (columns.stream[at] !== streamText || columns.type[at] !== type || columns.message[at] !== NONE) continue;
    yield { faults: columns.refusalFaults[at] ?? 0, ...by, evidence: row('stored', at) };
  }
}
