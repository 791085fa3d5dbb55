import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { applicationOfConsumer, busStreams, consumersOfReceiver, objectStream } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import { readBucket } from './bucket.ts';
import { trouble, type Observation } from './observation.ts';

/** How every flow's stream, and every receiver's consumer, stands. */
export async function observeState(connection: NatsConnection, { service, history, now }: Observation): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { state } = await manager.streams.info(busStreams.audit);
  const { first_seq: first, last_seq: last, messages } = state;
  history.append('streamState', { at: now(), stream: busStreams.audit, flow: '', first, last, messages });
  await Promise.all(
    service.flows.map(async (flow) => {
      const { stream } = flow;
      if (stream === undefined) return;
      const { state } = await manager.streams.info(stream);
      const { first_seq: first, last_seq: last, messages } = state;
      history.append('streamState', { at: now(), stream, flow: flow.id, first, last, messages });
      const names = flow.receivers.flatMap((receiver) => consumersOfReceiver(flow, receiver)).map(({ name }) => name);
      await Promise.all(
        names.map(async (consumer) => {
          const info = await manager.consumers.info(stream, consumer);
          history.append('consumerState', {
            at: now(),
            stream,
            consumer,
            application: applicationOfConsumer(flow, consumer) ?? '',
            pending: info.num_pending,
            ackPending: info.num_ack_pending,
            ackFloor: info.ack_floor.stream_seq,
            delivered: info.delivered.stream_seq,
            redelivered: info.num_redelivered,
          });
        }),
      );
    }),
  );
}

/** The objects that were put into the buckets of claim-check flows, each compared with what its bundle should hold. Read as streams. */
export async function observeContents(connection: NatsConnection, observation: Observation): Promise<void> {
  const { service, history, now, artefacts, planned, before } = observation;
  const buckets = new Set(service.flows.map(({ bucket }) => bucket).filter((bucket) => bucket !== undefined));
  for (const bucket of buckets) {
    const after = before.buckets.get(objectStream(bucket)) ?? 0;
    const { objects, orphans } = await readBucket(connection, bucket, after, (cause) =>
      trouble(observation, `objects in ${bucket}`, cause),
    );
    for (const [subject, chunks] of orphans) history.append('orphan', { at: now(), subject, chunks });
    for (const { name, deleted, bytes, digest, sound } of objects) {
      artefacts.add('object-name', name);
      if (deleted) continue;
      // An id may have slashes of its own.
      const slash = name.lastIndexOf('/');
      const [bundle, item] = [name.slice(0, Math.max(0, slash)), Number(name.slice(slash + 1))];
      const message = planned.list.find((candidate) => candidate.message.id === bundle)?.index ?? NONE;
      const isExpected =
        planned.contentSpec(message, item)?.bytes === bytes && planned.contentDigest(message, item) === digest;
      history.append('content', {
        at: now(),
        where: 'store',
        message,
        item: Number.isInteger(item) ? item : NONE,
        bytes: sound ? bytes : 0,
        intact: sound && isExpected ? 'yes' : 'no',
      });
    }
  }
}
