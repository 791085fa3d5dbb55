import type { Flow, Receiver } from './flow.ts';
import { filterSubjects, wildcardOf } from './subject.ts';

/** Streams that the bus keeps beside those of the flows. */
export const busStreams = {
  audit: 'AUDIT',
  deadLetters: 'DEAD_LETTERS',
  notices: 'NOTICES',
  advisories: 'ADVISORIES',
} as const;

export const auditSubject = 'audit.record';
/** KV bucket of the signed anchors; outside of the audit stream. */
export const anchorBucket = 'AUDIT_ANCHORS';
/** The streams that buckets are made of: key-value as ADR-8 of NATS has it, objects as ADR-20. */
export const keyValueStream = (bucket: string): string => `KV_${bucket}`;
export const objectStream = (bucket: string): string => `OBJ_${bucket}`;
export const noticeSubject = (application: string): string => `notice.${application}`;
export const deadLetterSubject = (flow: Flow, application: string): string =>
  `dead-letter.${flow.service}.${flow.channel}.${application}`;
/** Where the server reports each answered request of an exported service. */
export const latencySubject = (flow: Flow): string => `latency.${flow.service}.${flow.channel}`;

/** First token of the stored subject in an ordered stream, and the consumers that read one partition each. */
export const partitionPrefix = 'partition';

export interface ConsumerName {
  readonly name: string;
  /** Filters on the subject as stored. */
  readonly filterSubjects: readonly string[];
}

/**
 * A dead letter that is put back travels in its own stream, on `replay.<application>.<subject as stored>`: the consumers of
 * that one application read it beside their own subjects, so its adapter needs no second loop and no other receiver sees it.
 */
export const replayPrefix = 'replay';
export const replaySubject = (application: string, stored: string): string =>
  `${replayPrefix}.${application}.${stored}`;

/** What a flow's stream binds beside the address, for replays. */
export function replayWildcard(flow: Flow): string {
  return replaySubject(
    '*',
    flow.partitions === undefined ? wildcardOf(flow) : `${partitionPrefix}.*.${wildcardOf(flow)}`,
  );
}

/** The application that a message was put back for; undefined for one that a sender published. */
export function replayedFor(stored: string): string | undefined {
  const [prefix, application] = stored.split('.', 2);
  return prefix === replayPrefix ? application : undefined;
}

/** The durable consumers of one receiving application on a flow's stream: one, or one a partition. */
export function consumersOfReceiver(flow: Flow, receiver: Receiver): readonly ConsumerName[] {
  const { application } = receiver;
  const filters = filterSubjects(flow, receiver);
  const withReplays = (stored: readonly string[]): readonly string[] => [
    ...stored,
    ...stored.map((filter) => replaySubject(application, filter)),
  ];
  if (flow.partitions === undefined) return [{ name: application, filterSubjects: withReplays(filters) }];
  return Array.from({ length: flow.partitions }, (_, partition) => ({
    name: `${application}-${String(partition)}`,
    filterSubjects: withReplays(filters.map((filter) => `${partitionPrefix}.${String(partition)}.${filter}`)),
  }));
}

/** The application that a consumer's name stands for: `mobile` for `mobile-3` on a partitioned flow. */
export function applicationOfConsumer(flow: Flow, consumer: string): string | undefined {
  return flow.receivers.find((receiver) =>
    consumersOfReceiver(flow, receiver).some((candidate) => candidate.name === consumer),
  )?.application;
}

/** Source and destination of the subject transform that spreads an ordered stream's subjects over its partitions. */
export function partitionTransform(flow: Flow): { readonly src: string; readonly dest: string } | undefined {
  if (flow.partitions === undefined) return undefined;
  const tokens = wildcardOf(flow).split('.');
  const keyAt = flow.parameters.findIndex(
    (parameter) => parameter.location.pointer.toLowerCase() === '/ce-partitionkey',
  );
  let wildcard = 0;
  const dest = tokens.map((token) => (token === '*' ? `{{wildcard(${String(++wildcard)})}}` : token)).join('.');
  return {
    src: tokens.join('.'),
    dest: `${partitionPrefix}.{{partition(${String(flow.partitions)},${String(keyAt + 1)})}}.${dest}`,
  };
}

/** The subject that the original of a replay is stored on; any other subject as it is. */
export function originalSubject(stored: string): string {
  return replayedFor(stored) === undefined ? stored : stored.split('.').slice(2).join('.');
}

/** The subject as it was published, from the subject as stored; of a replay the one of the original. */
export function publishedSubject(flow: Flow, stored: string): string {
  const tokens = originalSubject(stored).split('.');
  if (flow.partitions !== undefined && tokens[0] === partitionPrefix) tokens.splice(0, 2);
  return tokens.join('.');
}
