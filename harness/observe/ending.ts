import { createHash } from 'node:crypto';

import { jetstreamManager } from '@nats-io/jetstream';
import { Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';

import { applicationOfConsumer, busStreams, consumersOfReceiver } from '../model/names.ts';
import { NONE } from '../model/table.ts';
import type { Observation } from './observation.ts';

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

/** The objects in the buckets of claim-check flows, each compared with what its bundle should hold. Read as streams. */
export async function observeContents(connection: NatsConnection, observation: Observation): Promise<void> {
  const { service, history, now, artefacts, planned, before } = observation;
  const buckets = new Set(service.flows.map(({ bucket }) => bucket).filter((bucket) => bucket !== undefined));
  for (const bucket of buckets) {
    const store = await new Objm(connection).open(bucket, false);
    const objects = await store.list();
    await observeOrphans(
      connection,
      observation,
      bucket,
      new Set(objects.filter(({ deleted }) => !deleted).map(({ nuid }) => nuid)),
    );
    for (const { name, deleted } of objects) {
      if (before.objects.has(name)) continue;
      artefacts.add('object-name', name);
      if (deleted) continue;
      // An id may have slashes of its own.
      const slash = name.lastIndexOf('/');
      const [bundle, item] = [name.slice(0, Math.max(0, slash)), name.slice(slash + 1)];
      const message = planned.list.find((candidate) => candidate.message.id === bundle)?.index ?? NONE;
      const expected = planned.contentSpec(message, Number(item));
      const found = await store.get(name);
      if (found === null) continue;
      // An object that is not what its own digest says breaks off.
      const ending = found.error.catch((cause: unknown) => cause);
      const { bytes, digest } = await digestOf(found.data).catch(() => ({ bytes: 0, digest: '' }));
      const failed = await ending;
      const intact =
        (failed ?? null) === null &&
        expected !== undefined &&
        bytes === expected.bytes &&
        digest === (await digestOf(planned.content(message, Number(item)))).digest;
      history.append('content', {
        at: now(),
        where: 'store',
        message,
        item: Number.isInteger(Number(item)) ? Number(item) : NONE,
        bytes,
        intact: intact ? 'yes' : 'no',
      });
    }
  }
}

/** What lies in a bucket beside its objects: an object store lists none of it. */
async function observeOrphans(
  connection: NatsConnection,
  { history, now }: Observation,
  bucket: string,
  named: ReadonlySet<string>,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const prefix = `$O.${bucket}.C.`;
  const { state } = await manager.streams.info(`OBJ_${bucket}`, { subjects_filter: `${prefix}>` });
  for (const [subject, chunks] of Object.entries(state.subjects ?? {}))
    if (!named.has(subject.slice(prefix.length))) history.append('orphan', { at: now(), subject, chunks });
}

async function digestOf(
  content: AsyncIterable<Uint8Array>,
): Promise<{ readonly bytes: number; readonly digest: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, digest: hash.digest('hex') };
}
