import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { consoleReport } from '../../reports/console.ts';
import { counterexample, run, verdict } from './build.ts';
import { greenRun, realisticRun } from './realistic.ts';

const incidents = 'incident-lifecycle/incidents';

describe('the console report', () => {
  it('ends with the counts and the answer', async () => {
    const lines = consoleReport(await greenRun(), { colour: false, width: 100 })
      .trimEnd()
      .split('\n');
    expect(lines.at(-1)).toMatch(/^core holds; \d+ clauses outside it not tested$/u);
    expect(lines.at(-2)).toMatch(
      /^MUST of core: \d+ pass; others: \d+ pass, \d+ not tested; \d+ trials in 24.3 s, seed 7$/u,
    );
  });

  it('has the reason for a red on the last screen of 40 lines: clause, requirement, proof, and the command to repeat it', async () => {
    const screen = consoleReport(await realisticRun(), { colour: false, width: 120 })
      .split('\n')
      .slice(-40)
      .join('\n');
    expect(screen).toContain('FAIL  ORD-2 on incident-lifecycle/incidents  (MUST)');
    expect(screen).toContain('FAIL  DUP-2 on custody-task/tasks  (MUST)');
    expect(screen).toMatch(/expected {2}412\/21JUL26 is parked/u);
    expect(screen).toMatch(/observed {2}4 was handed to mobile/u);
    expect(screen).toMatch(/proof {5}stored 11 at 1,190.4 ms: /u);
    expect(screen).toContain('again     busworthy run incident-lifecycle --scenario gap --seed 7 ');
    expect(screen).toContain('the flow did not drain within 10 s: 3 messages of in-vehicle were pending');
    expect(screen).toContain('core does not hold: 2 clauses broken');
  });

  it('tells the smallest sequence that shows a failure, step by step, and how to see it again', () => {
    const report = consoleReport(
      run({ verdicts: [verdict('ORD-1', incidents, 'fail')], counterexamples: [counterexample('ORD-1', incidents)] }),
      { colour: false, width: 120, folder: 'reports/out/7' },
    );
    expect(report).toContain('smallest  2 messages and 1 event, of 18 and 8; failed in 6 of 6 runs');
    expect(report).toMatch(/! +3\.5 ms {2}adapter of command-and-control → bus +stores #1 as 1/u);
    expect(report).toContain(
      'replay    busworthy replay reports/out/7/counterexample-ORD-1-incident-lifecycle-incidents.json --bus process',
    );
  });

  it('gives a line to each failure beyond the first two', () => {
    const ids = ['A-1', 'A-2', 'A-3', 'A-4'];
    const verdicts = ids.map((id) => verdict(id, incidents, 'fail'));
    const report = consoleReport(run({ verdicts }), { colour: false, width: 100 });
    expect(
      report
        .split('\n')
        .filter((line) => line.startsWith('FAIL'))
        .map((line) => line.slice(6, 9)),
    ).toEqual(['A-3', 'A-4', 'A-2', 'A-1']);
  });

  it('uses colour where it is asked to, and only there', async () => {
    const red = await realisticRun();
    const coloured = consoleReport(red, { colour: true, width: 100 });
    expect(coloured).toContain('\u001b[31m');
    expect(stripVTControlCharacters(coloured)).toBe(consoleReport(red, { colour: false, width: 100 }));
  });

  it('keeps to the width it is given, but for commands, which are to be copied whole', async () => {
    const lines = consoleReport(await realisticRun(), { colour: false, width: 80 }).split('\n');
    expect(lines.filter((line) => line.length > 80 && !line.startsWith('  again'))).toEqual([]);
  });

  it('has a latency line for each flow that was measured', async () => {
    const report = consoleReport(await greenRun(), { colour: false, width: 120 });
    expect(report).toMatch(/^ {2}custody-task\/tasks +1\.79 ms +11\.8 ms {2}objective 2 s, forensic, 537 messages$/mu);
    expect(consoleReport(run(), { colour: false, width: undefined })).not.toContain('Latency');
  });
});
