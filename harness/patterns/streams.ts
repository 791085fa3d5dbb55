import type { Flow } from '../model/flow.ts';
import { consumersOfReceiver, partitionTransform, replayWildcard } from '../model/names.ts';
import { wildcardOf } from '../model/subject.ts';
import type { ConsumerSpec, StreamSpec } from '../model/topology.ts';

/** What a message's headers may take beside its body: the server's limit counts them too. */
export const headerBytes = 8 * 1024;
/** Messages that one consumer may have out at once, waiting for acknowledgement or back-off, over all instances. */
const maxAckPending = 1024;

/** The stream that holds a flow. A full one refuses; none discards what it acknowledged. */
export function streamOf(flow: Flow): StreamSpec {
  const { stream, retention, dedupeWindowMs } = flow;
  if (stream === undefined || retention === undefined || dedupeWindowMs === undefined) throw notAStream(flow);
  const transform = partitionTransform(flow);
  return {
    name: stream,
    subjects: [wildcardOf(flow), replayWildcard(flow)],
    ...(transform !== undefined && { subjectTransform: transform }),
    discard: 'new',
    maxBytes: retention.maxBytes,
    maxAgeMs: retention.maxAgeMs,
    maxMessageBytes: flow.maxBytes + headerBytes,
    dedupeWindowMs,
    flow: flow.id,
  };
}

/**
 * The durable pull consumers of a flow: one an application, or one a partition of it. Back-off is the delay of the negative
 * acknowledgement: the consumer's own `backoff` would override its ack wait.
 */
export function consumersOf(flow: Flow): readonly ConsumerSpec[] {
  const { stream, ackWaitMs } = flow;
  if (stream === undefined || ackWaitMs === undefined) throw notAStream(flow);
  return flow.receivers.flatMap((receiver) =>
    consumersOfReceiver(flow, receiver).map(({ name, filterSubjects }) => ({
      stream,
      name,
      application: receiver.application,
      filterSubjects,
      ackPolicy: 'explicit',
      ackWaitMs,
      maxDeliver: flow.delivery === 'at-most-once' ? 1 : flow.attempts,
      maxAckPending: flow.partitions === undefined ? maxAckPending : 1,
      deliverPolicy: 'all',
      sampleFrequency: '100%',
    })),
  );
}

function notAStream(flow: Flow): Error {
  return new Error(`flow ${flow.id} has no stream, retention, dedupe window or ack wait: its document was not checked`);
}
