import { expect, test } from 'vitest';
import { answersOf } from '../../harness/pact/answer.ts';

const ok = (description: string) => ({ description, result: 'OK' });
const wrong = (description: string, mismatches: readonly object[] = []) => ({
  description,
  result: 'Error',
  mismatch: { type: 'mismatches', mismatches },
});

test('a question is answered by the result of its name', () => {
  const report = { result: false, interactionResults: [ok('a'), wrong('b')] } as never;
  expect(answersOf(report, ['a', 'b']).map(({ name, holds }) => [name, holds])).toEqual([
    ['a', true],
    ['b', false],
  ]);
});

test.each([
  ['gives no results', { result: true }],
  ['leaves a question out', { result: true, interactionResults: [ok('a')] }],
  ['answers a question twice', { result: true, interactionResults: [ok('a'), ok('b'), ok('b')] }],
  ['says that all is well where something is not', { result: true, interactionResults: [ok('a'), wrong('b')] }],
])('a report that %s is an error, and nothing in it is a pass', (_how, report) => {
  expect(() => answersOf(report as never, ['a', 'b'])).toThrow(/^Pact’s verifier/);
});

test('a mismatch has its path, what was demanded and what was found; without content for the journal', () => {
  const mismatch = {
    path: '$.vrm',
    expected: '"AB00CDE"',
    actual: '"wanted to be secret"',
    mismatch: "Expected 'wanted to be secret' to match '^[A-Z0-9]+$'",
  };
  const report = { result: false, interactionResults: [wrong('a', [mismatch])] } as never;
  expect(answersOf(report, ['a'])[0]?.mismatches).toEqual([
    {
      path: '$.vrm',
      expected: "to match '^[A-Z0-9]+$'",
      actual: '"wanted to be secret"',
      found: 'a text of 19 characters',
    },
  ]);
});
