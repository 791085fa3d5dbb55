import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../reports/html/page.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { summaryMarkdown } from '../../reports/summary.ts';
import { load, run, trial, verdict } from './build.ts';

const incidents = 'incident-lifecycle/incidents';
const driven = (given: Parameters<typeof load>[1] = {}, word: 'pass' | 'inconclusive' = 'pass') =>
  run({
    loads: [load(incidents, given)],
    trials: [trial(incidents, 'load')],
    verdicts: [
      verdict('PER-1', incidents, word, {
        trials: [`${incidents}/load`],
        reason: word === 'pass' ? '' : 'the generator fell behind',
        notes: ['0 of 320 messages above 1000 ms at mobile: at most 0.93 %'],
      }),
    ],
  });
const plain = (page: string): string =>
  page
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ')
    .replace(/^.*Latency under load Events/u, 'Events');

describe('a flow under load', () => {
  it('has its rate, the generator’s lateness and a line for each subscriber and for all together on the console', () => {
    const report = consoleReport(driven(), { colour: false, width: 120 });
    expect(report).toContain(
      'incident-lifecycle/incidents  60.2 / s, objective 1 s, generator late by 2.5 ms at p99\n' +
        '     3.25 ms  12.5 ms        –  mobile, 320 messages\n' +
        '     3.25 ms    40 ms        –  map, 320 messages\n' +
        '     3.25 ms    40 ms        –  all together, 640 messages',
    );
  });

  it('has a table in the summary', () => {
    const report = summaryMarkdown(driven());
    expect(report).toMatch(
      /\| incident-lifecycle\/<wbr>incidents \| map \| 60\.2 \/ s \| 320 \| 3\.25 ms \| 40 ms \| – \| 1 s \| 0 \| 2\.5 ms \|/u,
    );
    expect(summaryMarkdown(run())).not.toContain('Latency under load');
  });

  it('has its verdict, a curve with a key for each subscriber, and the same figures as a table on the page', () => {
    const page = htmlPage(driven());
    const text = plain(page);
    expect(text).toContain('PER-1 pass 0 of 320 messages above 1000 ms at mobile: at most 0.93 %');
    expect(text).toContain('mobile 320 3.25 ms 6.25 ms 12.5 ms – 12.5 ms 0 0');
    expect(text).toContain('all together 640 3.25 ms 20 ms 40 ms – 40 ms 0 0');
    expect([...page.matchAll(/<polyline/gu)]).toHaveLength(2);
    expect(text).toContain('objective for p99, 1 s');
  });

  it('is said to be undecided where it is, beside the figures', () => {
    expect(plain(htmlPage(driven({}, 'inconclusive')))).toContain('PER-1 inconclusive the generator fell behind');
  });

  it('says of what never came that it never came, and draws it nowhere', () => {
    const run = driven({ never: 2 });
    const page = htmlPage(run);
    expect(plain(page)).toContain('map 320 3.25 ms 20 ms 40 ms – never 2 2');
    const points = [...page.matchAll(/points="([^"]*)"/gu)].map(([, list]) => (list ?? '').split(' ').length);
    expect(points).toEqual([5, 4]);
    expect(page).not.toMatch(/NaN|Infinity/u);
    const { percentiles } = (JSON.parse(runJson(run)) as typeof run).loads[0]?.subscribers[1] ?? {};
    expect(percentiles?.at(-1)).toEqual({ share: 1, ms: null });
  });

  it('has no curve where nothing came', () => {
    const run = driven();
    const [summary] = run.loads;
    if (summary === undefined) throw new Error('there is no load');
    const together = { ...summary.together, unanswered: summary.together.count };
    const page = htmlPage({ ...run, loads: [{ ...summary, together }] });
    expect(plain(page)).toContain('Nothing came: there is no curve.');
    expect(page).not.toContain('<polyline');
  });

  it('has the histograms in run.json', () => {
    const [written] = (JSON.parse(runJson(driven())) as ReturnType<typeof driven>).loads;
    expect(written?.subscribers.map(({ histogram }) => histogram)).toEqual(['HISTFAAAAA', 'HISTFAAAAA']);
    expect(written?.together.histogram).toBe('HISTFAAAAA');
  });
});

it('what is not tested on many flows is counted on the console, where it is bound to be', () => {
  const flows = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'];
  const told = (count: number): string =>
    consoleReport(run({ verdicts: flows.slice(0, count).map((flow) => verdict('ORD-1', flow, 'not-tested')) }), {
      colour: false,
      width: 100,
    });
  expect(told(5)).toContain('ORD-1 on 5 flows');
  expect(told(4)).toContain('ORD-1 on a/4');
});
