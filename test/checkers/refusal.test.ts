import { describe, expect, test } from 'vitest';
import { problemFaults } from '../../harness/model/problem-details.ts';
import { findingsOf, wordOf } from './build.ts';
import { flows } from './flows.ts';
import { worldOf } from './world.ts';

const queue = flows['work-queue'];

function word(clause: string, violation: string, status: number, reason: string): string {
  const { world, rows } = worldOf(queue);
  world.send(world.plan({ violation }), { status, reason }).finish();
  return wordOf(findingsOf(queue, rows, [clause]).get(clause));
}

describe('an event that breaks the contract is refused at its sender', () => {
  test.each([
    ['SCH-1', 'schema:type:/a', 422, 'invalid', 'pass'],
    ['SCH-1', 'schema:type:/a', 422, 'a reason of its own', 'pass'],
    ['SCH-1', 'schema:type:/a', 400, 'invalid', 'fail'],
    ['SCH-1', 'schema:type:/a', 415, 'not-binary', 'fail'],
    ['SCH-4', 'size', 413, 'too-large', 'pass'],
    ['SCH-4', 'size', 422, 'invalid', 'fail'],
    ['ENV-1', 'header:ce-type', 415, 'not-binary', 'pass'],
    ['ENV-1', 'header:ce-type', 422, 'unknown-type', 'pass'],
    ['ENV-1', 'header:ce-datacontenttype:not-allowed', 415, 'not-binary', 'pass'],
    ['ENV-1', 'header:ce-datacontenttype:not-allowed', 422, 'invalid', 'fail'],
    ['ENV-1', 'header:ce-type', 404, 'unknown-type', 'fail'],
    ['ENV-5', 'header:ce-classification', 422, 'invalid', 'pass'],
    ['ENV-5', 'header:ce-classification', 403, 'invalid', 'fail'],
  ])('by %s, for %s, with a status of the port: %i (%s) is a %s', (clause, violation, status, reason, said) => {
    expect(word(clause, violation, status, reason)).toBe(said);
  });

  test.each(Object.values(problemFaults))('with problem details: %s is none', (reason) => {
    expect(word('SCH-1', 'schema:type:/a', 422, reason)).toBe('fail');
  });
});
