import { describe, expect, test } from 'vitest';
import type { Flow } from '../../harness/model/flow.ts';
import {
  entitled,
  filterSubjects,
  notOfSubjects,
  subjectMatches,
  subjectOf,
  wildcardOf,
} from '../../harness/model/subject.ts';
import { flows } from '../checkers/flows.ts';

const flow: Flow = {
  ...flows['fan-out'],
  address: 'service.things.{key}.{grade}',
  parameters: [
    { name: 'key', location: { of: 'header', pointer: '/ce-PartitionKey' } },
    { name: 'grade', location: { of: 'payload', pointer: '/grade' } },
  ],
};
const all = { application: 'all', filter: {} };
const some = { application: 'some', filter: { grade: ['1', '2'] } };
const one = { application: 'one', filter: { key: ['k0'], grade: ['1'] } };

describe('the subject of an event', () => {
  test.each([
    ['a text', 'first', 'service.things.k0.first'],
    ['a number', 12, 'service.things.k0.12'],
    ['a truth value', false, 'service.things.k0.false'],
    ['nothing', null, undefined],
    ['an object', {}, undefined],
    ['an empty text', '', undefined],
    ['a text with a dot', 'a.b', undefined],
    ['a text with a wildcard', '*', undefined],
    ['a text with a line end', 'first\n', undefined],
    ['a text with every character that it may have', 'aZ0/_=-', 'service.things.k0.aZ0/_=-'],
  ])('has its parameters from headers and payload: %s', (_, grade, subject) => {
    expect(subjectOf(flow, { 'ce-partitionkey': 'k0' }, { grade })).toBe(subject);
  });

  test('is none without the header or the member that a parameter comes from', () => {
    expect(subjectOf(flow, {}, { grade: 'first' })).toBeUndefined();
    expect(subjectOf(flow, { 'ce-partitionkey': 'k0' }, {})).toBeUndefined();
  });

  test('has no character that is not of subjects', () => {
    expect(notOfSubjects.test('aZ0/_=-')).toBe(false);
    for (const other of ['.', '*', '>', ' ', '\u00e9']) expect(notOfSubjects.test(`a${other}`)).toBe(true);
  });

  test('of any event is the address with a wildcard for each parameter', () => {
    expect(wildcardOf(flow)).toBe('service.things.*.*');
    expect(wildcardOf({ ...flow, address: 'service.things' })).toBe('service.things');
  });
});

describe('a receiver', () => {
  test('has a filter for each of the values that it wants, and a wildcard for what it does not name', () => {
    expect(filterSubjects(flow, all)).toEqual(['service.things.*.*']);
    expect(filterSubjects(flow, some)).toEqual(['service.things.*.1', 'service.things.*.2']);
    expect(filterSubjects(flow, one)).toEqual(['service.things.k0.1']);
  });

  test('is entitled to the subjects that one of its filters lets through', () => {
    expect(entitled(flow, some, 'service.things.k7.2')).toBe(true);
    expect(entitled(flow, some, 'service.things.k7.3')).toBe(false);
    expect(entitled(flow, one, 'service.things.k1.1')).toBe(false);
    expect(entitled(flow, all, 'service.things.k1')).toBe(false);
  });
});

describe('a filter of NATS', () => {
  test.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.c', false],
    ['a.b', 'a.b.c', false],
    ['a.b.c', 'a.b', false],
    ['a.*', 'a.b', true],
    ['a.*', 'a', false],
    ['*.b', 'x.b', true],
    ['a.*.c', 'a.b.c', true],
    ['a.*.c', 'a.b.d', false],
    ['a.>', 'a.b', true],
    ['a.>', 'a.b.c', true],
    ['a.>', 'a', false],
    ['>', 'a', true],
    ['b.>', 'a.b', false],
  ])('%s', (filter, subject, meets) => {
    expect(subjectMatches(filter, subject)).toBe(meets);
  });
});
