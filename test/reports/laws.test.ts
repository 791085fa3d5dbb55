import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../harness/model/run.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { consoleReport } from '../../reports/console.ts';
import { binding } from '../../reports/overview.ts';
import { htmlPage } from '../../reports/html/page.ts';
import { junitXml } from '../../reports/junit.ts';
import { runJson } from '../../reports/run-json.ts';
import { summaryMarkdown } from '../../reports/summary.ts';
import { arbitraryRun } from './arbitrary.ts';
import { htmlMatrix, junitCases, markdownMatrix } from './readers.ts';
import { realisticRun } from './realistic.ts';

/** Reads a report back: what it says of a verdict; undefined where it says nothing. */
type Reader = (report: string, run: Run) => (verdict: Verdict) => string | undefined;

interface Format {
  readonly name: string;
  readonly render: (run: Run) => string;
  readonly read: Reader;
  /** What a report has to say of a verdict; undefined where the format counts such verdicts only. */
  readonly wanted: (verdict: Verdict, run: Run) => string | undefined;
  /** What may not be found anywhere in it. */
  readonly never: RegExp;
}

const binds = (run: Run, clause: string): boolean =>
  run.header.claim.clauses.includes(clause) &&
  run.header.catalogue.clauses.some(({ id, level }) => id === clause && level === 'MUST');

const control = String.raw`[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e\ud800-\udfff\uffff]`;
const whole = (pattern: string): RegExp => new RegExp(pattern, 'u');

const formats: readonly Format[] = [
  {
    name: 'run.json',
    render: runJson,
    read: (report) => {
      const verdicts = JSON.parse(report).verdicts as Verdict[];
      return ({ clause, flow }) => verdicts.find((each) => each.clause === clause && each.flow === flow)?.verdict;
    },
    wanted: ({ verdict }) => verdict,
    never: whole(String.raw`[\u0000-\u0009\u000b-\u001f\ud800-\udfff]`),
  },
  {
    name: 'junit.xml',
    render: junitXml,
    read: (report) => {
      const cases = junitCases(report);
      return ({ clause, flow }) =>
        cases.find((each) => each.classname === flow && each.name.startsWith(`${clause} `))?.outcome;
    },
    wanted: ({ verdict, clause }, run) =>
      ({
        pass: 'passed',
        fail: 'failure',
        inconclusive: 'error',
        'not-tested': binds(run, clause) ? 'error' : 'skipped',
      })[verdict],
    never: whole(`${control}|<script`),
  },
  {
    name: 'summary.md',
    render: summaryMarkdown,
    read: (report) => {
      const matrix = markdownMatrix(report);
      return ({ clause, flow }) => matrix.get(`${clause} ${flow}`);
    },
    wanted: ({ verdict }) => ({ pass: 'pass', fail: '**FAIL**', inconclusive: '**?**', 'not-tested': '–' })[verdict],
    never: whole(control),
  },
  {
    name: 'index.html',
    render: htmlPage,
    read: (report) => {
      const matrix = htmlMatrix(report);
      return ({ clause, flow }) => matrix.get(`${clause} ${flow}`);
    },
    wanted: ({ verdict }) => verdict.replace('-', ' '),
    never: whole(`${control}|<script|javascript:[^y]`),
  },
  {
    name: 'console',
    render: (run) => consoleReport(run, { colour: false, width: 100 }),
    read: (report) => {
      const lines = report.split('\n');
      return ({ clause, flow }) => {
        if (lines.some((line) => line.startsWith(`FAIL  ${clause} on ${flow}`))) return 'fail';
        const open = lines.findIndex(
          (line) => line.startsWith('      ') && line.endsWith(` on ${flow}`) && line.includes(clause),
        );
        const mark = lines.slice(0, Math.max(open, 0)).findLast((line) => /^ {2}[–?] /u.test(line));
        return mark === undefined ? undefined : mark.startsWith('  ?') ? 'inconclusive' : 'not-tested';
      };
    },
    wanted: ({ verdict, clause }, run) => {
      if (verdict === 'not-tested') return binding(run)(clause) ? verdict : undefined;
      return verdict === 'pass' ? undefined : verdict;
    },
    never: whole(control),
  },
];

describe.each(formats)('$name', ({ render, read, wanted, never }) => {
  it('says of every verdict of any run what the run says', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const said = read(render(run), run);
        for (const verdict of run.verdicts) expect(said(verdict)).toBe(wanted(verdict, run));
      }),
      { numRuns: 30 },
    );
  });

  it('says of every verdict of a run of six services what the run says', async () => {
    const run = await realisticRun();
    const said = read(render(run), run);
    expect(run.verdicts.length).toBeGreaterThan(500);
    expect(run.verdicts.filter((verdict) => said(verdict) !== wanted(verdict, run))).toEqual([]);
  });

  it('lets no text through as markup or control, and shows nothing that JavaScript made up', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const report = render(run);
        expect(report).not.toMatch(never);
        expect(report).not.toMatch(/undefined|NaN|\[object|Infinity|∞/u);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same run, and leaves the run as it is', () => {
    fc.assert(
      fc.property(arbitraryRun, (run) => {
        const before = structuredClone(run);
        expect(render(run)).toBe(render(structuredClone(run)));
        expect(run).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });
});
