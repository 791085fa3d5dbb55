import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';

import { Problem } from '../model/errors.ts';
import { keyValueStream, objectStream } from '../model/names.ts';
import type { BucketSpec, ConsumerSpec, StreamSpec, Topology } from '../model/topology.ts';

const nanosPerMs = 1_000_000;
const defaultDedupeWindowMs = 120_000;

/** Makes the streams, consumers and buckets of a topology, side by side. What is there with the same settings stays. */
export async function provision(
  connection: NatsConnection,
  topology: Pick<Topology, 'streams' | 'consumers' | 'buckets'>,
): Promise<void> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  await Promise.all([
    ...topology.streams.map(async (stream) => {
      await addStream(manager, streamConfig(stream));
      const consumers = topology.consumers.filter((consumer) => consumer.stream === stream.name);
      await Promise.all(consumers.map((consumer) => addConsumer(manager, consumer)));
    }),
    ...topology.buckets.map((bucket) => addStream(manager, bucketConfig(bucket))),
  ]);
}

async function addStream(manager: JetStreamManager, config: NamedStream): Promise<void> {
  try {
    await manager.streams.add(config);
  } catch (cause) {
    throw refused(`the stream ${config.name}`, cause);
  }
}

async function addConsumer(manager: JetStreamManager, consumer: ConsumerSpec): Promise<void> {
  try {
    await manager.consumers.add(consumer.stream, consumerConfig(consumer));
  } catch (cause) {
    throw refused(`the consumer ${consumer.name} of ${consumer.stream}`, cause);
  }
}

function refused(what: string, cause: unknown): Problem {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Problem('environment', `The bus refused to make ${what}: ${why}`, {
    next: 'On a bus of your own, see that its account may hold it: limits, and streams of other programs on the same subjects.',
    cause,
  });
}

type NamedStream = Partial<StreamConfig> & { readonly name: string };

function streamConfig(stream: StreamSpec): NamedStream {
  return {
    name: stream.name,
    subjects: [...stream.subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: 1,
    discard: stream.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    max_bytes: stream.maxBytes,
    max_age: stream.maxAgeMs * nanosPerMs,
    max_msg_size: stream.maxMessageBytes,
    max_msgs_per_subject: stream.maxMessagesPerSubject ?? -1,
    duplicate_window: stream.dedupeWindowMs * nanosPerMs,
    // Who asks what is stored decides by it: only the leader answers, and clients that look at this setting ask it of themselves.
    allow_direct: false,
    ...(stream.subjectTransform && { subject_transform: { ...stream.subjectTransform } }),
  };
}

function consumerConfig(consumer: ConsumerSpec): Partial<ConsumerConfig> {
  const explicit = consumer.ackPolicy === 'explicit';
  return {
    durable_name: consumer.name,
    filter_subjects: [...consumer.filterSubjects],
    ack_policy: explicit ? AckPolicy.Explicit : AckPolicy.None,
    deliver_policy: consumer.deliverPolicy === 'all' ? DeliverPolicy.All : DeliverPolicy.LastPerSubject,
    ...(explicit && {
      ack_wait: consumer.ackWaitMs * nanosPerMs,
      max_deliver: consumer.maxDeliver,
      max_ack_pending: consumer.maxAckPending,
    }),
    ...(consumer.headersOnly === true && { headers_only: true }),
    ...(consumer.sampleFrequency !== undefined && { sample_freq: consumer.sampleFrequency }),
  };
}

function bucketConfig(bucket: BucketSpec): NamedStream {
  const { name, kind } = bucket;
  const subjects = kind === 'key-value' ? [`$KV.${name}.>`] : [`$O.${name}.C.>`, `$O.${name}.M.>`];
  const windowMs = bucket.maxAgeMs === 0 ? defaultDedupeWindowMs : Math.min(defaultDedupeWindowMs, bucket.maxAgeMs);
  return {
    name: kind === 'key-value' ? keyValueStream(name) : objectStream(name),
    subjects,
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: 1,
    discard: DiscardPolicy.New,
    max_bytes: bucket.maxBytes,
    max_age: bucket.maxAgeMs * nanosPerMs,
    duplicate_window: windowMs * nanosPerMs,
    allow_rollup_hdrs: true,
    allow_direct: true,
    ...(kind === 'key-value' && { max_msgs_per_subject: 1, deny_delete: true }),
  };
}
