import { busStreams } from '../../model/names.ts';
import type { Defect } from '../defect.ts';
import { busStream, consumers, streams } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

/** More wrong settings of streams and consumers. */
export const ofTheSettings: readonly Defect[] = [
  {
    name: 'dedupe-window-a-little-short',
    title: 'the stream forgets ids a fifth too early',
    clause: 'DUP-1',
    flow: incidents,
    scenario: 'duplicates',
    breaks: { topology: streams(({ dedupeWindowMs }) => ({ dedupeWindowMs: Math.round(dedupeWindowMs * 0.8) })) },
  },
  {
    name: 'no-room-for-headers',
    title: 'the bus counts headers against the limit of the body',
    clause: 'SCH-4',
    flow: hits,
    scenario: 'size-limits',
    breaks: { topology: streams(({ maxMessageBytes }) => ({ maxMessageBytes: maxMessageBytes - 8192 })) },
  },
  {
    name: 'ages-out-too-soon',
    title: 'the stream lets messages go while their receiver is away',
    clause: 'DEL-7',
    flow: tasks,
    scenario: 'restart-subscriber',
    // No dedupe window may be longer than messages are kept.
    breaks: { topology: streams(() => ({ maxAgeMs: 250, dedupeWindowMs: 100 })) },
  },
  {
    name: 'one-message-a-subject',
    title: 'the stream keeps the newest of each subject only',
    clause: 'DEL-1',
    flow: 'unit-state/status',
    scenario: 'happy-flow',
    breaks: { topology: streams(() => ({ maxMessagesPerSubject: 1 })) },
  },
  {
    name: 'filter-without-one-type',
    title: 'a receiver’s filter leaves one of its types out',
    clause: 'DEL-3',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: {
      topology: consumers(({ filterSubjects }) => ({
        filterSubjects: filterSubjects.filter((subject) => !subject.includes('ReviewDue')),
      })),
    },
  },
  {
    name: 'partition-without-reader',
    title: 'nobody reads one of the partitions',
    clause: 'DEL-3',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      topology: consumers(({ name, filterSubjects }) => ({
        filterSubjects: name === 'mobile-2' ? ['partition.9.nothing'] : filterSubjects,
      })),
    },
  },
  {
    name: 'headers-alone-delivered',
    title: 'the consumer delivers headers without bodies',
    clause: 'DEL-3',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { topology: consumers(() => ({ headersOnly: true })) },
  },
  {
    name: 'one-attempt-too-few',
    title: 'the consumer delivers once less than the contract says',
    clause: 'DLQ-2',
    flow: hits,
    scenario: 'exhausted',
    breaks: { topology: consumers(({ maxDeliver }) => ({ maxDeliver: maxDeliver - 1 })) },
  },
  {
    name: 'acknowledgements-sampled',
    title: 'the server tells of one acknowledgement in a hundred',
    clause: 'AUD-1',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { topology: consumers(() => ({ sampleFrequency: '1' })) },
  },
  {
    name: 'notices-unbound',
    title: 'no stream keeps the notices of conflicts',
    clause: 'DUP-3',
    flow: tasks,
    scenario: 'conflicts',
    breaks: { topology: busStream(busStreams.notices, { subjects: ['elsewhere.*'] }) },
  },
];
