import type { Pattern } from './pattern.ts';
import { openStreamReceiver, type Reception } from './receive.ts';
import { openStreamSender, store } from './send.ts';
import { openSequences, type Sequences } from './sequences.ts';
import type { Steps } from './steps.ts';
import { consumersOf, streamOf } from './streams.ts';

/** A state bucket holds one number a key and application. */
const stateBytes = 64 * 1024 ** 2;

/**
 * Order for each key. The stream's subject transform spreads the keys over partitions; each application has one consumer a
 * partition with one message out at a time, so that a redelivery comes before what follows it. The last accepted sequence of each key
 * is kept in a key-value bucket: what was accepted is acknowledged unseen, and a gap parks the key until its dead letters are
 * replayed in order.
 */
export const orderedStream: Pattern = {
  name: 'ordered-stream',
  topology: (flow) => ({
    streams: [streamOf(flow)],
    consumers: consumersOf(flow),
    buckets:
      flow.state === undefined ? [] : [{ name: flow.state, kind: 'key-value', maxBytes: stateBytes, maxAgeMs: 0 }],
  }),
  openSender: (port, flow) =>
    Promise.resolve(openStreamSender(port, (outgoing, memory) => store(port, flow, outgoing, memory), flow)),
  openReceiver: async (port, flow, receiver) => {
    const sequences = await openSequences(port, flow);
    return openStreamReceiver(port, flow, receiver, inOrder(port.steps, sequences));
  },
};

function inOrder(steps: Steps, sequences: Sequences): Reception {
  return {
    admit: async ({ event }) => {
      const follows = steps.follows(await sequences.last(event), event);
      if (follows === 'past') return { do: 'acknowledge' };
      return follows === 'gap' ? { do: 'terminate', reason: 'gap' } : undefined;
    },
    accepted: async ({ event }, before) => {
      if (before && steps.follows(await sequences.last(event), event) === 'past') return;
      await steps.advance((sequence) => sequences.store(event, sequence), event);
    },
  };
}
