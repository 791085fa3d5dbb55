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

/** The durable consumers of one receiving application on a flow's stream: one, or one a partition. */
export function consumersOfReceiver(flow: Flow, receiver: Receiver): readonly ConsumerName[] {
  const filters = filterSubjects(flow, receiver);
  if (flow.partitions === undefined) return [{ name: receiver.application, filterSubjects: filters }];
  return Array.from({ length: flow.partitions }, (_, partition) => ({
    name: `${receiver.application}-${String(partition)}`,
    filterSubjects: filters.map((filter) => `${partitionPrefix}.${String(partition)}.${filter}`),
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
  const keyAt = flow.parameters.findIndex((parameter) => parameter.location.pointer.toLowerCase() === '/ce-partitionkey');
  let wildcard = 0;
  const dest = tokens.map((token) => (token === '*' ? `{{wildcard(${String(++wildcard)})}}` : token)).join('.');
  return {
    src: tokens.join('.'),
    dest: `${partitionPrefix}.{{partition(${String(flow.partitions)},${String(keyAt + 1)})}}.${dest}`,
  };
}

/** The subject as it was published, from the subject as stored. */
export function publishedSubject(flow: Flow, stored: string): string {
  return flow.partitions === undefined ? stored : stored.split('.').slice(2).join('.');
}
