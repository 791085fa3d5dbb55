import { assert, describe, expect, it } from 'vitest';
import { consumersOf } from '../../harness/model/flow.ts';
import { mendingList, mends } from '../../reports/mending.ts';
import { historyOf, type Rows } from '../checkers/build.ts';
import { flows } from '../docs/project.ts';
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

  it('names of the rules those that the application can have broken on the flow, by what befell it', async () => {
    const flow = flows.find(({ id }) => id === 'incident-lifecycle/incidents');
    assert.isDefined(flow);
    const named = [
      { id: 'L3', title: 'At the end', clauses: ['ORD-2'], after: 'stopping' },
      { id: 'L6', title: 'After a kill', clauses: ['ORD-2'], after: 'crashed' },
      { id: 'S3', title: 'Publish', clauses: ['ORD-2'], side: 'sends' },
      { id: 'R4', title: 'Ordered', clauses: ['ORD-2'], side: 'receives', guarantees: ['state'] },
      { id: 'R5', title: 'Last value', clauses: ['ORD-2'], patterns: ['last-value'] },
    ] as const;
    const failed = await realisticRun();
    const [first] = failed.verdicts.find(({ clause }) => clause === 'ORD-2')?.failures ?? [];
    const { application = '', trial = '' } = first ?? {};
    expect(consumersOf(flow)).toContain(application);
    const ids = (rows: Partial<Rows>): readonly string[] =>
      mends(failed, named, { flows: [flow], histories: new Map([[trial, historyOf(rows)]]) })
        .filter(({ clause }) => clause === 'ORD-2')
        .flatMap((mend) => mend.rules.map(({ id }) => id));
    const stopped = { at: 1, application, instance: 0, change: 'stopping', reason: '' } as const;
    expect(ids({ lifecycle: [] })).toEqual(['R4']);
    expect(ids({ lifecycle: [stopped] })).toEqual(['L3', 'R4']);
    expect(ids({ lifecycle: [{ ...stopped, application: 'another' }] })).toEqual(['R4']);
    expect(ids({ lifecycle: [{ ...stopped, change: 'crashed' }] })).toEqual(['L6', 'R4']);
  });

  it('says how busy the machine was while it failed, where that was watched', async () => {
    const failed = await realisticRun();
    const lag = [
      { at: 100, intervalMs: 100, worstMs: 3, busMs: 41.5, processorMs: 90, loopMs: 10 },
      { at: 400, intervalMs: 300, worstMs: 12, busMs: 2, processorMs: 90, loopMs: 10 },
    ];
    const machine = (rows: Partial<Rows>): string => {
      const histories = new Map([['incident-lifecycle/incidents/gap', historyOf(rows)]]);
      return mendingList(mends(failed, rules, { histories }).filter(({ clause }) => clause === 'ORD-2'));
    };
    expect(machine({ lag })).toContain(
      'machine   processors 45 % in use during the trial; the harness at most 12 ms late, the bus 41.5 ms\n',
    );
    expect(machine({})).not.toContain('machine');
  });

  it('has a clause that no rule names at the end', () => {
    const verdicts = ['A-1', 'ORD-2'].map((id) => verdict(id, 'incident-lifecycle/incidents', 'fail'));
    expect(mends(run({ verdicts }), rules).map(({ clause }) => clause)).toEqual(['ORD-2', 'A-1']);
  });
});
