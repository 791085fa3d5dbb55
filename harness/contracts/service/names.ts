import { anchorBucket, busStreams } from '../../model/names.ts';
import { subjectsOverlap } from './subjects.ts';
import { wildcardOf } from '../../model/subject.ts';
import type { Flow } from '../../model/flow.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { ReadFlow } from './flow.ts';

/** Streams, buckets, subjects, receipts and refusals: what is named must be there, be free, and be one thing. */
export function checkNames(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  checkAnswering(flows, mistakes);
  for (const [index, read] of flows.entries()) {
    const { flow } = read;
    const taken: readonly string[] = [...Object.values(busStreams), anchorBucket];
    for (const name of ['stream', 'state', 'bucket'] as const) {
      const value = flow[name];
      if (value === undefined || (!taken.includes(value) && !/^(KV|OBJ)_/.test(value))) continue;
      mistakes.add(
        placeAt(child(read.at, name)),
        `${name} ${value} of ${flow.id} is kept by the bus`,
        'choose another name',
      );
    }
    for (const other of flows.slice(0, index)) checkPair(other, read, mistakes);
    checkReceipts(flows, read, mistakes);
  }
}

function checkPair(first: ReadFlow, second: ReadFlow, mistakes: Mistakes): void {
  const [a, b] = [first.flow, second.flow];
  if (subjectsOverlap(wildcardOf(a), wildcardOf(b))) {
    const what = `channels ${a.channel} and ${b.channel} share subjects: ${a.address} and ${b.address}`;
    mistakes.add(placeAt(child(second.channel.at, 'address')), what, 'give one of them another address');
  }
  for (const name of ['state', 'bucket'] as const) {
    if (a[name] !== undefined && a[name] === b[name]) {
      const what = `channels ${a.channel} and ${b.channel} share the ${name} bucket ${a[name]}`;
      mistakes.add(placeAt(child(second.at, name)), what, 'give each a bucket of its own');
    }
  }
  if (a.stream === undefined || a.stream !== b.stream) return;
  const what = `channels ${a.channel} and ${b.channel} share the stream ${a.stream}`;
  const next = 'give each a stream of its own: dedupe window, size and retention are those of a stream';
  mistakes.add(placeAt(child(second.at, 'stream')), what, next);
}

/** Whoever answers requests lives in an account of its own on the bus, where no stream can be reached. */
function checkAnswering(flows: readonly ReadFlow[], mistakes: Mistakes): void {
  const asked = flows.filter(({ flow }) => flow.pattern === 'request-reply');
  const names = new Set(asked.flatMap(({ flow }) => flow.receivers.map(({ application }) => application)));
  for (const { flow, channel } of flows) {
    if (flow.stream === undefined) continue;
    for (const application of new Set([...flow.senders, ...flow.receivers.map((receiver) => receiver.application)])) {
      if (!names.has(application)) continue;
      const what = `${application} answers requests, and also sends or receives on channel ${flow.channel}, which has a stream`;
      const next = `name another application in the x-applications of ${flow.channel}: who answers requests reaches no stream`;
      mistakes.add(placeAt(channel.at), what, next);
    }
  }
}

function checkReceipts(flows: readonly ReadFlow[], read: ReadFlow, mistakes: Mistakes): void {
  const { flow } = read;
  const receipts = flows.find((candidate) => candidate.flow.channel === flow.receipts)?.flow;
  if (flow.receipts !== undefined && (receipts === undefined || receipts.channel === flow.channel)) {
    const what = `receipts of ${flow.channel} names no other channel with an x-flow: ${flow.receipts}`;
    mistakes.add(placeAt(child(read.at, 'receipts')), what, 'name the channel on which the receivers answer');
    return;
  }
  if (flow.refusal === undefined) return;
  const candidates = receipts?.messages ?? flow.replies;
  if (!candidates.some((message) => message.name === flow.refusal)) {
    const where = receipts === undefined ? 'the replies' : `channel ${receipts.channel}`;
    const what = `refusal of ${flow.channel} names no message of ${where}: ${flow.refusal}`;
    mistakes.add(
      placeAt(child(read.at, 'refusal')),
      what,
      `name one of ${candidates.map(({ name }) => name).join(', ')}`,
    );
  }
  if (receipts !== undefined) checkAnswerers(read, flow, receipts, mistakes);
}

/** Whoever may refuse must be able to send the refusal, and whoever is refused to receive it. */
function checkAnswerers(read: ReadFlow, flow: Flow, receipts: Flow, mistakes: Mistakes): void {
  const say = (who: string, verb: string): void => {
    const what = `${who} does not ${verb} on channel ${receipts.channel}, where refusals of ${flow.channel} travel`;
    mistakes.add(placeAt(child(read.at, 'receipts')), what, `add it to an operation with action ${verb} there`);
  };
  for (const { application } of flow.receivers) if (!receipts.senders.includes(application)) say(application, 'send');
  for (const sender of flow.senders) {
    if (!receipts.receivers.some(({ application }) => application === sender)) say(sender, 'receive');
  }
}
