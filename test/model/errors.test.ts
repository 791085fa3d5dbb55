import { expect, test } from 'vitest';
import { formatPlace, Problem, Problems, type ProblemKind } from '../../harness/model/errors.ts';

test.each<[ProblemKind, number]>([
  ['usage', 3],
  ['contract', 3],
  ['journal', 3],
  ['environment', 4],
  ['harness', 4],
])('a problem of the kind %s ends a command with an exit code of its own', (kind, code) => {
  const problem = new Problem(kind, 'what', { next: 'do this' });
  expect(problem).toMatchObject({ name: 'Problem', kind, message: 'what', next: 'do this', exitCode: code });
  expect(problem.place).toBeUndefined();
  expect('cause' in problem).toBe(false);
});

test('a problem says where it lies and what caused it', () => {
  const cause = new Error('below');
  const problem = new Problem('contract', 'what', { place: { file: 'a.yaml' }, next: 'do this', cause });
  expect(problem.place).toEqual({ file: 'a.yaml' });
  expect(problem.cause).toBe(cause);
});

test('several problems are told one a line, and end a command with the worst of their exit codes', () => {
  const problems = new Problems([
    new Problem('harness', 'one', { next: '' }),
    new Problem('usage', 'two', { next: '' }),
  ]);
  expect(problems).toMatchObject({ name: 'Problems', message: 'one\ntwo', exitCode: 4 });
  expect(problems.problems).toHaveLength(2);
});

test.each([
  [{ file: 'a' }, 'a'],
  [{ file: 'a', line: 2 }, 'a:2'],
  [{ file: 'a', line: 2, column: 3 }, 'a:2:3'],
  [{ file: 'a', column: 3 }, 'a'],
])('a place is told as editors have it: %o', (place, text) => {
  expect(formatPlace(place)).toBe(text);
});
