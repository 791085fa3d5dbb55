import { describe, expect, test } from 'vitest';
import { checkers } from '../../harness/checkers/index.ts';
import { findingsOf, failing, undecided, wordOf } from './build.ts';
import { namedCases, rowsOfCase } from './cases-all.ts';
import { worldOf } from './world.ts';

describe.each(namedCases)('$name', (one) => {
  const { clause, flow, breaks } = one;
  test('passes where the history tests it and it holds, and no other clause fails', () => {
    const rows = rowsOfCase(one);
    const findings = findingsOf(flow, rows, [clause]);
    expect({ failing: failing(findings), undecided: undecided(findings).filter((id) => id !== 'ENV-7') }).toEqual({
      failing: [],
      undecided: [],
    });
    expect(wordOf(findings.get(clause))).toBe('pass');
  });

  test.each(Object.entries(breaks))('fails where %s', (_name, change) => {
    const rows = rowsOfCase(one, change);
    const finding = findingsOf(flow, rows, [clause]).get(clause);
    expect(wordOf(finding)).toBe('fail');
    expect(finding?.failures.length).toBeGreaterThan(0);
    for (const failure of finding?.failures ?? []) {
      expect(failure.expected).not.toBe('');
      expect(failure.observed).not.toBe('');
      expect(failure.evidence.length).toBeGreaterThan(0);
      for (const { table, row } of failure.evidence)
        expect({ table, there: row < rows[table].length }).toEqual({ table, there: true });
    }
  });

  test('is not exercised by a history in which nothing happened', () => {
    const { world, rows } = worldOf(flow);
    world.finish();
    expect(wordOf(findingsOf(flow, rows, [clause]).get(clause))).toBe('not-exercised');
  });

  test('is undecided where the trial was not drained', () => {
    const rows = rowsOfCase(one);
    for (const wait of rows.wait) if (wait.what === 'drain') wait.reached = 'no';
    const finding = findingsOf(flow, rows, [clause]).get(clause);
    expect(wordOf(finding)).toBe('undecided');
    expect(finding?.undecided).toMatch(/the drain was not reached/);
  });
});

test('what was not drained is told by its consumer first: how much is open there, and since when', () => {
  const [one] = namedCases.filter(({ clause }) => clause === 'DLQ-4');
  if (one === undefined) throw new RangeError('DLQ-4 has no case');
  const rows = rowsOfCase(one);
  for (const wait of rows.wait) if (wait.what === 'drain') wait.reached = 'no';
  const [state] = rows.consumerState;
  Object.assign(state ?? {}, { pending: 2, ackPending: 1, ackFloor: 7 });
  expect(findingsOf(one.flow, rows, ['DLQ-4']).get('DLQ-4')?.undecided).toMatch(
    /^consumer \S+ was not drained: 1 delivered and not settled, 2 not delivered, all after sequence 7 of [A-Z_]+ \(and 1 more such reason\)$/u,
  );
});

test('every clause that a checker decides has its cases', () => {
  expect(new Set(namedCases.map((one) => one.clause))).toEqual(new Set(checkers.flatMap((checker) => checker.clauses)));
});
