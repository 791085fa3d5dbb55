import { describe, expect, test } from 'vitest';

import { topologyOf } from '../../harness/patterns/topology.ts';
import {
  bundlesFlow,
  fanOutFlow,
  lastValueFlow,
  orderedFlow,
  questionsFlow,
  readsFlow,
  receiptsFlow,
  sampleService,
  workQueueFlow,
} from '../fixtures/flows.ts';

const whole = sampleService(
  fanOutFlow,
  lastValueFlow,
  orderedFlow,
  readsFlow,
  workQueueFlow,
  bundlesFlow,
  receiptsFlow,
);

describe('the topology of a service', () => {
  const topology = topologyOf(whole);
  const streamOf = (name: string) => topology.streams.find((stream) => stream.name === name);

  test('no stream discards what it acknowledged, and every one states its bounds', () => {
    for (const stream of topology.streams) {
      expect(stream.discard).toBe('new');
      expect(stream.maxBytes).toBeGreaterThan(0);
      expect(stream.maxMessageBytes).toBeGreaterThan(0);
      expect(stream.dedupeWindowMs).toBeGreaterThanOrEqual(100);
      expect(stream.maxMessagesPerSubject).toBeUndefined();
    }
    expect(streamOf('HITS')?.maxMessageBytes).toBe(fanOutFlow.maxBytes + 8192);
  });

  test('the server’s own word on acknowledgements, advisories and latencies is stored', () => {
    expect(streamOf('ADVISORIES')?.subjects).toEqual([
      '$JS.EVENT.METRIC.CONSUMER.ACK.>',
      '$JS.EVENT.ADVISORY.CONSUMER.>',
      'latency.>',
    ]);
  });

  test('an ordered flow has one consumer a partition with one message out', () => {
    const consumers = topology.consumers.filter(({ stream }) => stream === 'ORDERED');
    expect(consumers.map(({ name }) => name)).toEqual(['sink-0', 'sink-1', 'archive-0', 'archive-1']);
    for (const consumer of consumers)
      expect(consumer).toMatchObject({ maxAckPending: 1, maxDeliver: 3, ackPolicy: 'explicit' });
    expect(streamOf('ORDERED')?.subjectTransform?.dest).toBe(
      'partition.{{partition(2,1)}}.sample.ordered.{{wildcard(1)}}',
    );
  });

  test('every consumer is sampled in full; at most once is delivered once; a last value begins with the snapshot', () => {
    for (const consumer of topology.consumers) expect(consumer.sampleFrequency).toBe('100%');
    expect(topology.consumers.find(({ stream }) => stream === 'READS')?.maxDeliver).toBe(1);
    expect(topology.consumers.find(({ stream }) => stream === 'VALUES')?.deliverPolicy).toBe('last_per_subject');
    expect(topology.consumers.find(({ name }) => name === 'urgent-sink')?.filterSubjects.slice(0, 2)).toEqual([
      'sample.hits.1',
      'sample.hits.2',
    ]);
  });

  test('a stream takes what its senders publish, and what is put back for one receiver', () => {
    expect(streamOf('HITS')?.subjects).toEqual(['sample.hits.*', 'replay.*.sample.hits.*']);
    expect(streamOf('ORDERED')?.subjects).toEqual(['sample.ordered.*', 'replay.*.partition.*.sample.ordered.*']);
    for (const { publish } of topology.users)
      expect(publish.filter((subject) => subject.startsWith('replay'))).toEqual([]);
  });

  test('buckets of state, of content and of anchors are there', () => {
    expect(topology.buckets.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'key-value ORDERED_SEQUENCES',
      'object FILES',
      'key-value AUDIT_ANCHORS',
    ]);
  });
});

describe('the users of a service', () => {
  const userOf = (name: string, service = whole) => topologyOf(service).users.find((user) => user.name === name);

  test('a provider publishes on its subjects and reads its own streams; it pulls nothing', () => {
    const { publish = [], subscribe = [] } = userOf('source', sampleService(fanOutFlow)) ?? {};
    expect(publish).toEqual([
      'sample.hits.*',
      '$JS.API.STREAM.INFO.HITS',
      '$JS.API.STREAM.MSG.GET.HITS',
      'notice.source',
    ]);
    expect(subscribe).toEqual([]);
  });

  test('one of several providers does not read the stream', () => {
    const shared = { ...fanOutFlow, senders: ['source', 'second-source'] };
    expect(userOf('source', sampleService(shared))?.publish.join(' ')).not.toContain('MSG.GET');
  });

  test('a consumer binds to its own consumers and acknowledges on them alone', () => {
    const { publish = [] } = userOf('urgent-sink', sampleService(fanOutFlow)) ?? {};
    expect(publish).toEqual([
      '$JS.API.STREAM.INFO.HITS',
      '$JS.API.CONSUMER.INFO.HITS.urgent-sink',
      '$JS.API.CONSUMER.MSG.NEXT.HITS.urgent-sink',
      '$JS.ACK.HITS.urgent-sink.>',
      'notice.urgent-sink',
    ]);
  });

  test('an answerer lives in an account of its own, hears its queue and answers where it was asked', () => {
    const service = sampleService(questionsFlow);
    expect(userOf('oracle', service)).toEqual({
      name: 'oracle',
      account: 'answerers',
      publish: ['notice.oracle'],
      subscribe: ['sample.questions oracle'],
      response: { max: 1, expiresMs: 16_000 },
    });
    expect(userOf('asker', service)).toMatchObject({ account: 'main', publish: ['sample.questions', 'notice.asker'] });
    expect(topologyOf(service).requestSubjects).toEqual([
      { subject: 'sample.questions', latencySubject: 'latency.sample.questions' },
    ]);
  });
});

describe('what a topology cannot be made of', () => {
  test('two flows in one stream', () => {
    const shared = { ...workQueueFlow, stream: 'HITS' };
    expect(() => topologyOf(sampleService(fanOutFlow, shared))).toThrow(
      'The stream HITS of sample/tasks is already that of sample/hits',
    );
  });

  test('an answerer that also uses streams', () => {
    const mixed = sampleService(questionsFlow, { ...fanOutFlow, senders: ['oracle'] });
    expect(() => topologyOf(mixed)).toThrow('oracle of sample answers requests and also uses streams');
  });
});
