import { expect, test } from 'vitest';
import { entitlement, partitionOf } from '../../harness/checkers/entitlement.ts';
import { trialOf, type Trial } from '../../harness/checkers/trial.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { contractOf, historyOf } from './build.ts';
import { filtered, flows } from './flows.ts';

const subjects = [
  'service.things.k0',
  'service.things.k1',
  'service.things.k2',
  'partition.1.service.things.k1',
  'service.things.k0.more',
  'service.things',
];
const trial = (flow: Flow): Trial =>
  trialOf(contractOf(flow), historyOf({ stored: subjects.map((subject) => ({ subject })) }));
const masks = (flow: Flow): readonly number[] => {
  const one = trial(flow);
  const maskOf = entitlement(one);
  const texts = one.history.texts;
  const first = subjects.map((subject) => maskOf(texts.find(subject)));
  // What was worked out once is the same when it is asked for again.
  expect(subjects.map((subject) => maskOf(texts.find(subject)))).toEqual(first);
  return first;
};

test('a subject entitles the receivers whose filters let it through', () => {
  expect(masks(filtered)).toEqual([0b01, 0b10, 0, 0, 0, 0]);
  expect(masks(flows['fan-out'])).toEqual([0b11, 0b11, 0b11, 0, 0, 0]);
});

test('a subject of an ordered stream does as it was published, whatever its partition', () => {
  expect(masks({ ...flows['ordered-stream'], receivers: filtered.receivers })).toEqual([0b01, 0b10, 0, 0b10, 0, 0]);
});

test('a request is for every application that answers', () => {
  expect(masks(flows['request-reply'])).toEqual(subjects.map(() => 0b1));
});

test('a stored subject tells its partition, where the flow has any', () => {
  const of = (flow: Flow, subject: string): number => partitionOf(trial(flow), trial(flow).history.texts.find(subject));
  expect(of(flows['ordered-stream'], 'partition.1.service.things.k1')).toBe(1);
  expect(of(flows['ordered-stream'], 'service.things.k1')).toBe(0);
  expect(of(flows['fan-out'], 'partition.1.service.things.k1')).toBe(0);
});
