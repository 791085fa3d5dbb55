import { describe, expect, it } from 'vitest';
import { summaryMarkdown } from '../../reports/summary.ts';
import { failure, run, verdict } from './build.ts';
import { greenRun, realisticRun } from './realistic.ts';

const incidents = 'incident-lifecycle/incidents';
/** What GitHub takes of a job's summary. */
const MOST_BYTES = 1024 * 1024;

describe('summary.md', () => {
  it('starts with the answer', async () => {
    expect(summaryMarkdown(await greenRun())).toMatch(
      /^# core holds; \d+ clauses outside it not tested\n\nBusworthy 0\.1\.0, profile core, seed 7, /u,
    );
  });

  it('tells of each failure what was expected and observed, what proves it, and what reproduces it', async () => {
    const report = summaryMarkdown(await realisticRun());
    expect(report).toContain('### ORD-2 on incident-lifecycle/incidents');
    expect(report).toContain('- expected 412/21JUL26 is parked after sequence 2 until 3 has come');
    expect(report).toContain('- failed 4 times; asked for by PRG-');
    expect(report).toMatch(
      /```text\nstored 11 at 1,190\.4 ms: .*\ndelivery 17 .*\ndelivery 19 .*\nbusworthy run incident-lifecycle --scenario gap --seed 7 .*\n```/u,
    );
  });

  it('cannot be left by a failure that holds a fence or a table', () => {
    const failures = [failure(`${incidents}/happy-flow`, { expected: '| a | b |', observed: '``` <b>' })];
    const header = { command: ['run', '--bus', '```` x'] };
    const report = summaryMarkdown(run({ verdicts: [verdict('ORD-1', incidents, 'fail', { failures })], header }));
    expect(report).toContain(String.raw`- expected \| a \| b \|`);
    expect(report).toContain('- observed \\`\\`\\` &lt;b&gt;');
    expect(report).toMatch(/^`````text\n.*````.*\n`````$/mu);
  });

  it('fits into a job’s summary even where every clause fails at every flow', async () => {
    const red = await realisticRun();
    const verdicts = red.verdicts.map(({ clause, flow }) =>
      verdict(clause, flow, 'fail', { failures: [failure(`${flow}/happy-flow`, { observed: 'x'.repeat(300) })] }),
    );
    const report = summaryMarkdown({ ...red, verdicts });
    expect(Buffer.byteLength(report)).toBeLessThan(MOST_BYTES);
    for (const { clause, flow } of verdicts) expect(report).toMatch(new RegExp(`${clause}(\\*\\*)? on ${flow}`, 'u'));
  });
});
