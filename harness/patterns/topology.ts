import { Problem } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import { anchorBucket, auditSubject, busStreams, latencySubject } from '../model/names.ts';
import { wildcardOf } from '../model/subject.ts';
import type { BucketSpec, StreamSpec, Topology } from '../model/topology.ts';
import { usersOf } from './permissions.ts';
import { patterns } from './patterns.ts';
import { headerBytes } from './streams.ts';

const dayMs = 24 * 3600 * 1000;
const mebibyte = 1024 ** 2;
const dedupeWindowMs = 120_000;

/** All that the bus must hold so that a service can run: its flows, the bus's own streams, its users with least privilege. */
export function topologyOf(service: Service): Topology {
  const flows = service.flows.map((flow) => patterns[flow.pattern].topology(flow));
  const streams = flows.flatMap((flow) => flow.streams);
  refuseSharedStreams(service, streams);
  return {
    streams: [...streams, ...streamsOfTheBus(service)],
    consumers: flows.flatMap((flow) => flow.consumers),
    buckets: distinct([...flows.flatMap((flow) => flow.buckets), anchors]),
    users: usersOf(service),
    requestSubjects: service.flows
      .filter((flow) => flow.pattern === 'request-reply')
      .map((flow) => ({ subject: wildcardOf(flow), latencySubject: latencySubject(flow) })),
  };
}

const anchors: BucketSpec = { name: anchorBucket, kind: 'key-value', maxBytes: mebibyte, maxAgeMs: 0 };

/** The audit trail, dead letters, notices, and what the server tells about consumers and requests. A full one refuses. */
function streamsOfTheBus(service: Service): readonly StreamSpec[] {
  const largest = Math.max(...service.flows.map((flow) => flow.maxBytes));
  const stream = (name: string, subjects: readonly string[], maxMessageBytes: number, maxAgeDays: number) => ({
    name,
    subjects,
    discard: 'new' as const,
    maxBytes: 128 * mebibyte,
    maxAgeMs: maxAgeDays * dayMs,
    maxMessageBytes,
    dedupeWindowMs,
  });
  return [
    stream(busStreams.audit, [auditSubject], 2 * headerBytes, 365),
    stream(busStreams.deadLetters, ['dead-letter.>'], largest + 2 * headerBytes, 90),
    stream(busStreams.notices, ['notice.*'], 2 * headerBytes, 90),
    stream(
      busStreams.advisories,
      ['$JS.EVENT.METRIC.CONSUMER.ACK.>', '$JS.EVENT.ADVISORY.CONSUMER.>', 'latency.>'],
      2 * headerBytes,
      30,
    ),
  ];
}

/** Dedupe, size and retention are a stream's, so that each flow has one of its own. */
function refuseSharedStreams(service: Service, streams: readonly StreamSpec[]): void {
  const taken = new Map<string, string | undefined>(Object.values(busStreams).map((name) => [name, 'the bus itself']));
  for (const { name, flow } of streams) {
    const holder = taken.get(name);
    if (holder !== undefined) {
      throw new Problem('contract', `The stream ${name} of ${String(flow)} is already that of ${holder}.`, {
        place: { file: service.document },
        next: 'Give each channel a stream of its own in x-flow.',
      });
    }
    taken.set(name, flow);
  }
}

function distinct(buckets: readonly BucketSpec[]): readonly BucketSpec[] {
  return [...new Map(buckets.map((bucket) => [`${bucket.kind} ${bucket.name}`, bucket])).values()];
}
