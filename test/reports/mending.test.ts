import { describe, expect, it } from 'vitest';
import { mendingList, mends } from '../../reports/mending.ts';
import { run, verdict } from './build.ts';
import { greenRun, realisticRun } from './realistic.ts';

const rules = [
  { id: 'E1', title: 'First', clauses: ['DUP-2'] },
  { id: 'R4', title: 'Later', clauses: ['ORD-2', 'DUP-2'] },
];

describe('what a supplier is to mend', () => {
  it('is nothing where nothing fails', async () => {
    const list = mends(await greenRun(), rules);
    expect(list).toEqual([]);
    expect(mendingList(list)).toBe('');
  });

  it('comes in the order of the rules, with every rule whose breach the clause shows', async () => {
    const list = mends(await realisticRun(), rules);
    expect(list.map(({ clause }) => clause).slice(0, 2)).toEqual(['DUP-2', 'ORD-2']);
    expect(list[0]?.rules.map(({ id }) => id)).toEqual(['E1', 'R4']);
    const text = mendingList(list);
    expect(text).toMatch(/^To mend, in this order/u);
    expect(text).toContain('R4  Later');
    expect(text).toMatch(/expected {2}412\/21JUL26 is parked/u);
    expect(text).toMatch(/again {5}busworthy run incident-lifecycle --scenario gap --seed 7/u);
    expect(text).toMatch(/proof {5}stored 11/u);
  });

  it('has a clause that no rule names at the end', () => {
    const verdicts = ['A-1', 'ORD-2'].map((id) => verdict(id, 'incident-lifecycle/incidents', 'fail'));
    expect(mends(run({ verdicts }), rules).map(({ clause }) => clause)).toEqual(['ORD-2', 'A-1']);
  });
});
