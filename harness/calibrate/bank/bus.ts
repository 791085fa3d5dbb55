import { createHash } from 'node:crypto';
import { busStreams } from '../../model/names.ts';
import type { Defect } from '../defect.ts';
import { consumers, someText, streams } from './changes.ts';

const incidents = 'incident-lifecycle/incidents';
const tasks = 'custody-task/tasks';
const hits = 'anpr-hit/hits';

/** Wrong settings of streams and consumers, and faults of the audit recorder and the dead-letter router. */
export const ofTheBus: readonly Defect[] = [
  {
    name: 'dedupe-window-too-short',
    title: 'the stream forgets ids after 100 ms',
    clause: 'DUP-1',
    flow: incidents,
    scenario: 'duplicates',
    breaks: { topology: streams((stream) => ({ ...stream, dedupeWindowMs: 100 })) },
  },
  {
    name: 'discards-old',
    title: 'a full stream lets go of what it has acknowledged',
    clause: 'DEL-1',
    flow: tasks,
    scenario: 'restart-subscriber',
    breaks: { topology: streams((stream) => ({ ...stream, discard: 'old', maxBytes: 4096 })) },
  },
  {
    name: 'filter-lets-all-through',
    title: 'a subscriber gets what it is not entitled to',
    clause: 'DEL-3',
    flow: hits,
    scenario: 'happy-flow',
    breaks: {
      topology: consumers((consumer) => ({
        ...consumer,
        filterSubjects: [consumer.filterSubjects[0]?.replace(/[^.]+$/, '>') ?? '>'],
      })),
    },
  },
  {
    name: 'gives-up-at-once',
    title: 'the consumer delivers once only what is promised at least once',
    clause: 'DLQ-2',
    flow: tasks,
    scenario: 'retried',
    breaks: { topology: consumers((consumer) => ({ ...consumer, maxDeliver: 1 })) },
  },
  {
    name: 'tries-too-often',
    title: 'the consumer delivers more often than the contract allows',
    clause: 'DLQ-2',
    flow: hits,
    scenario: 'exhausted',
    breaks: { topology: consumers((consumer) => ({ ...consumer, maxDeliver: consumer.maxDeliver + 1 })) },
  },
  {
    name: 'delivers-more-than-once',
    title: 'the consumer delivers again what is to travel at most once',
    clause: 'DEL-5',
    flow: 'anpr-hit/reads',
    scenario: 'failed-once',
    breaks: { topology: consumers((consumer) => ({ ...consumer, maxDeliver: 3 })) },
  },
  {
    name: 'takes-far-too-large',
    title: 'the bus takes messages far above the limit',
    clause: 'SCH-4',
    flow: 'unit-state/positions',
    scenario: 'size-limits',
    breaks: { topology: streams((stream) => ({ ...stream, maxMessageBytes: 512 * 1024 })) },
  },
  {
    name: 'advisories-unbound',
    title: 'no stream keeps the advisories: given-up messages leave no trace',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: {
      topology: (topology) => ({
        ...topology,
        streams: topology.streams.map((stream) =>
          stream.name === busStreams.advisories
            ? { ...stream, subjects: ['$JS.EVENT.METRIC.CONSUMER.ACK.>', 'latency.>'] }
            : stream,
        ),
      }),
    },
  },
  {
    name: 'audit-gap',
    title: 'the recorder leaves out settlements',
    clause: 'AUD-1',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      busSteps: { entry: (entry) => (entry.change === 'settled' && entry.sequence % 5 === 0 ? undefined : entry) },
    },
  },
  {
    name: 'audit-twice',
    title: 'the recorder writes a change down twice',
    clause: 'AUD-1',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { busSteps: { copies: (entry) => (entry.change === 'accepted' && entry.sequence === 2 ? 2 : 1) } },
  },
  {
    name: 'audit-miscounts',
    title: 'the recorder writes down another number of deliveries',
    clause: 'AUD-1',
    flow: tasks,
    scenario: 'retried',
    breaks: { busSteps: { entry: (entry) => ({ ...entry, deliveries: Math.min(entry.deliveries, 1) }) } },
  },
  {
    name: 'content-in-audit',
    title: 'the recorder writes down what the message says',
    clause: 'AUD-2',
    flow: tasks,
    scenario: 'canaries',
    breaks: {
      busSteps: {
        entry: async (entry, message) => {
          const stored = await message();
          return stored === undefined ? entry : { ...entry, reason: Buffer.from(stored.body).toString('base64') };
        },
      },
    },
  },
  {
    name: 'digest-in-audit',
    title: 'the recorder writes down a digest without a key of a short field',
    clause: 'AUD-3',
    flow: hits,
    scenario: 'canaries',
    breaks: {
      busSteps: {
        entry: async (entry, message) => {
          const stored = await message();
          if (stored === undefined) return entry;
          const text = someText({ headers: stored.headers, body: stored.body });
          return { ...entry, reason: createHash('sha256').update(text).digest('hex') };
        },
      },
    },
  },
  {
    name: 'chain-unlinked',
    title: 'a record does not name the one before it',
    clause: 'AUD-4',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: { busSteps: { link: (previous, number) => (number === 4 ? '0'.repeat(64) : previous) } },
  },
  {
    name: 'record-edited',
    title: 'a record is changed after it was written',
    clause: 'AUD-4',
    flow: incidents,
    scenario: 'happy-flow',
    breaks: {
      busSteps: {
        keep: (text, number) =>
          number === 3 ? text.replace('"accepted"', '"replayed"').replace('"settled"', '"replayed"') : text,
      },
    },
  },
  {
    name: 'tail-cut',
    title: 'the last records are taken away',
    clause: 'AUD-4',
    flow: hits,
    scenario: 'happy-flow',
    breaks: { busSteps: { keep: (text, number) => (number > 10 ? undefined : text) } },
  },
  {
    name: 'anchor-of-another-head',
    title: 'the anchor outside the trail names another head',
    clause: 'AUD-4',
    flow: tasks,
    scenario: 'happy-flow',
    breaks: { busSteps: { anchor: (anchor) => ({ ...anchor, head: 'f'.repeat(64) }) } },
  },
  {
    name: 'dead-letter-lost',
    title: 'the router loses dead letters',
    clause: 'DLQ-1',
    flow: tasks,
    scenario: 'rejected',
    breaks: { busSteps: { deadLetter: () => [] } },
  },
  {
    name: 'dead-letter-doubled',
    title: 'the router stores a dead letter twice',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'exhausted',
    breaks: { busSteps: { deadLetter: (letter) => [letter, letter] } },
  },
  {
    name: 'dead-letter-miscounted',
    title: 'the router writes another number of attempts on a dead letter',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'exhausted',
    breaks: { busSteps: { deadLetter: (letter) => [{ ...letter, attempts: letter.attempts + 1 }] } },
  },
  {
    name: 'expired-kept-as-dead-letter',
    title: 'the router keeps as a dead letter what has only expired',
    clause: 'DLQ-1',
    flow: hits,
    scenario: 'expiry',
    breaks: { busSteps: { deadLettered: () => true } },
  },
];
