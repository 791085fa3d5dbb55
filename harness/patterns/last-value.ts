import type { Flow } from '../model/flow.ts';
import type { SendAnswer } from './application.ts';
import { answerAgainst, answerDuplicate, readStored } from './duplicate.ts';
import type { Memory } from './memory.ts';
import { Newest } from './newest.ts';
import { superseded, unavailable } from './outcome.ts';
import { messageIdOf } from '../model/event.ts';
import type { Pattern, Port } from './pattern.ts';
import { openStreamReceiver, type Reception } from './receive.ts';
import { openStreamSender, publishEvent, type Outgoing } from './send.ts';
import type { Steps } from './steps.ts';
import { consumersOf, streamOf } from './streams.ts';

/** JetStream's error code for a last sequence of the subject other than the one expected. */
const wrongLastSequence = 10_071;
/** How often a publish that lost the race for a subject starts again. */
const rounds = 10;

/**
 * The newest value of each key. A newcomer's first deliveries are the snapshot: its consumer begins with the last message of
 * each subject, then goes on with changes. The stream is bounded by age alone: kept at one message a subject, it would show the
 * auditor the last one only. The provider writes only over an older value; the subscriber never hands an older one over.
 */
export const lastValue: Pattern = {
  name: 'last-value',
  topology: (flow) => ({
    streams: [streamOf(flow)],
    consumers: consumersOf(flow).map((consumer) => ({ ...consumer, deliverPolicy: 'last_per_subject' })),
    buckets: [],
  }),
  openSender: (port, flow) =>
    Promise.resolve(openStreamSender(port, (outgoing, memory) => storeNewer(port, flow, outgoing, memory), flow)),
  openReceiver: (port, flow, receiver) => openStreamReceiver(port, flow, receiver, neverBack(port.steps)),
};

async function storeNewer(port: Port, flow: Flow, outgoing: Outgoing, memory: Memory): Promise<SendAnswer> {
  for (let round = 0; round < rounds; round++) {
    const answer = await tryToStore(port, flow, outgoing, memory);
    if (answer === undefined) continue;
    if (answer.status === 202) memory.remember(outgoing.event);
    return answer;
  }
  return unavailable;
}

/** One round: read the last value, publish on top of it. Undefined where another publish came between. */
async function tryToStore(port: Port, flow: Flow, outgoing: Outgoing, memory: Memory): Promise<SendAnswer | undefined> {
  const { steps } = port;
  const { event, subject } = outgoing;
  // What is asked of the bus meanwhile is lost.
  if (!port.connected()) return steps.answerTo({ kind: 'not-connected' });
  const last = await readStored(port, flow, { last_by_subj: subject });
  if (last !== undefined && messageIdOf(last.event) === messageIdOf(event))
    return answerAgainst(port, event, last.event);
  if (last !== undefined && steps.superseded(event, last.event)) return superseded;
  const expected = steps.expectedSequence(last?.sequence ?? 0);
  const outcome = await publishEvent(
    port,
    flow,
    outgoing,
    expected === undefined ? {} : { 'Nats-Expected-Last-Subject-Sequence': String(expected) },
  );
  if (outcome.kind === 'refused' && outcome.code === wrongLastSequence) return undefined;
  if (outcome.kind === 'stored' && outcome.duplicate) {
    return answerDuplicate(port, flow, event, outcome.sequence, memory);
  }
  return steps.answerTo(outcome);
}

function neverBack(steps: Steps): Reception {
  const newest = new Newest();
  return {
    admit: ({ event }) =>
      Promise.resolve(
        steps.outdated(newest.of(event), event) ? { do: 'acknowledge', notice: 'superseded' } : undefined,
      ),
    handOver: ({ event }, post) => {
      newest.note(event);
      return post();
    },
  };
}
