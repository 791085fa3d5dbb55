import { describe, expect, test } from 'vitest';
import type { Flow } from '../../harness/model/flow.ts';
import {
  applicationOfConsumer,
  consumersOfReceiver,
  deadLetterSubject,
  latencySubject,
  noticeSubject,
  originalSubject,
  partitionTransform,
  publishedSubject,
  replayedFor,
  replaySubject,
  replayWildcard,
} from '../../harness/model/names.ts';
import { filtered, flows } from '../checkers/flows.ts';

const fan: Flow = flows['fan-out'];
const ordered: Flow = flows['ordered-stream'];
const two: Flow = {
  ...ordered,
  address: 'service.{kind}.{key}',
  parameters: [{ name: 'kind', location: { of: 'payload', pointer: '/kind' } }, ...ordered.parameters],
};

test('subjects of the bus name the service, the channel and the application', () => {
  expect(noticeSubject('one')).toBe('notice.one');
  expect(deadLetterSubject(fan, 'one')).toBe('dead-letter.service.things.one');
  expect(latencySubject(fan)).toBe('latency.service.things');
});

describe('the consumers of a receiver', () => {
  test('are one by its name, with its filters and those of what is put back for it', () => {
    expect(consumersOfReceiver(filtered, filtered.receivers[1] ?? { application: '', filter: {} })).toEqual([
      { name: 'two', filterSubjects: ['service.things.k1', 'replay.two.service.things.k1'] },
    ]);
  });

  test('are one for each partition of an ordered stream', () => {
    expect(consumersOfReceiver(ordered, { application: 'one', filter: {} })).toEqual([
      { name: 'one-0', filterSubjects: ['partition.0.service.things.*', 'replay.one.partition.0.service.things.*'] },
      { name: 'one-1', filterSubjects: ['partition.1.service.things.*', 'replay.one.partition.1.service.things.*'] },
    ]);
  });

  test('stand for the application, and another name for none', () => {
    expect(applicationOfConsumer(ordered, 'two-1')).toBe('two');
    expect(applicationOfConsumer(ordered, 'two-2')).toBeUndefined();
    expect(applicationOfConsumer(ordered, 'two')).toBeUndefined();
    expect(applicationOfConsumer(fan, 'two')).toBe('two');
  });
});

describe('a replay', () => {
  test('travels under the name of its application, on the subject as stored', () => {
    expect(replaySubject('one', 'service.things.k0')).toBe('replay.one.service.things.k0');
    expect(replayWildcard(fan)).toBe('replay.*.service.things.*');
    expect(replayWildcard(ordered)).toBe('replay.*.partition.*.service.things.*');
  });

  test('tells for whom it is, and what it is a replay of', () => {
    expect(replayedFor('replay.one.service.things.k0')).toBe('one');
    expect(replayedFor('service.things.k0')).toBeUndefined();
    expect(originalSubject('replay.one.partition.1.service.things.k0')).toBe('partition.1.service.things.k0');
    expect(originalSubject('partition.1.service.things.k0')).toBe('partition.1.service.things.k0');
  });

  test('was published on the subject without its prefix and partition', () => {
    expect(publishedSubject(ordered, 'replay.one.partition.1.service.things.k0')).toBe('service.things.k0');
    expect(publishedSubject(ordered, 'partition.1.service.things.k0')).toBe('service.things.k0');
    expect(publishedSubject(ordered, 'service.things.k0')).toBe('service.things.k0');
    expect(publishedSubject(fan, 'partition.1.k0')).toBe('partition.1.k0');
  });
});

test('an ordered stream is spread over its partitions by its key', () => {
  expect(partitionTransform(fan)).toBeUndefined();
  expect(partitionTransform(ordered)).toEqual({
    src: 'service.things.*',
    dest: 'partition.{{partition(2,1)}}.service.things.{{wildcard(1)}}',
  });
  expect(partitionTransform(two)).toEqual({
    src: 'service.*.*',
    dest: 'partition.{{partition(2,2)}}.service.{{wildcard(1)}}.{{wildcard(2)}}',
  });
});
