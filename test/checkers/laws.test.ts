import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../harness/checkers/index.ts';
import { historyOf, findingsOf, contractOf, failing, wordOf, undecided, noRows, type Rows } from './build.ts';
import { breaks } from './breaks.ts';
import { flowNames, flows, type FlowName } from './flows.ts';
import { perform, stories, type Happening } from './healthy.ts';
import { World } from './world.ts';

const happenings = fc.array(fc.record({ story: fc.constantFrom(...stories), key: fc.nat(3) }), {
  minLength: 1,
  maxLength: 12,
});

function rowsOf(name: FlowName, list: readonly Happening[]): Rows {
  const rows = noRows();
  perform(new World(flows[name], (table, row) => void (rows[table] as (typeof row)[]).push({ ...row })), list);
  return rows;
}

describe.each(flowNames)('a healthy history of %s', (name) => {
  test('fails nothing and leaves nothing undecided', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        const findings = findingsOf(flows[name], rowsOf(name, list));
        expect([...findings.values()].flatMap((finding) => finding.failures)).toEqual([]);
        expect(undecided(findings)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('is a pass for no clause once nothing says that it was drained', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        const rows = rowsOf(name, list);
        rows.wait = rows.wait.filter((wait) => wait.what !== 'drain');
        for (const finding of findingsOf(flows[name], rows).values()) {
          expect(finding.failed).toBe(0);
          expect({ clause: finding.clause, passes: wordOf(finding) === 'pass' }).toEqual({
            clause: finding.clause,
            passes: false,
          });
        }
      }),
      { numRuns: 20 },
    );
  });

  test('gives the same answer whenever it is judged, and is not changed by it', () => {
    fc.assert(
      fc.property(happenings, (list) => {
        const rows = rowsOf(name, list);
        const judged = historyOf(rows);
        const untouched = historyOf(rows);
        const texts = [...judged.texts.list];
        const findings = check(contractOf(flows[name]), judged);
        expect(check(contractOf(flows[name]), judged)).toEqual(findings);
        expect(check(contractOf(flows[name]), untouched)).toEqual(findings);
        const { texts: judgedTexts, ...judgedTables } = judged;
        const { texts: _texts, ...untouchedTables } = historyOf(rows);
        expect(judgedTables).toEqual(untouchedTables);
        expect(judgedTexts.list).toEqual(texts);
      }),
      { numRuns: 10 },
    );
  });
});

const broken = breaks.flatMap((one) => one.flows.map((name) => ({ ...one, flowName: name })));

test.each(broken)(
  'on $flowName the named clause fails, and no other, where $name',
  ({ flowName, candidates, apply, must, may }) => {
    let applied = 0;
    fc.assert(
      fc.property(happenings, fc.nat(), (list, choice) => {
        const rows = rowsOf(flowName, list);
        const found = candidates(rows);
        if (found.length === 0) return;
        applied++;
        apply(rows, found[choice % found.length] ?? 0);
        const failed = failing(findingsOf(flows[flowName], rows));
        expect(failed).toEqual(expect.arrayContaining([...must(flowName)]));
        expect([...must(flowName), ...may]).toEqual(expect.arrayContaining([...failed]));
      }),
      { numRuns: 60 },
    );
    expect(applied).toBeGreaterThan(5);
  },
);
