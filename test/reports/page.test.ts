import { describe, expect, it } from 'vitest';
import { htmlPage } from '../../reports/html/page.ts';
import { failure, run, verdict } from './build.ts';
import { greenRun, realisticRun } from './realistic.ts';

/** A report is mailed, attached and archived. */
const MOST_BYTES = 400_000;

const incidents = 'incident-lifecycle/incidents';
const plain = (markup: string): string =>
  markup
    .replaceAll(/<style>.*?<\/style>/gsu, '')
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/\s+/gu, ' ');

describe('the page', () => {
  it('stays small for a run of six services', async () => {
    for (const each of [await realisticRun(), await greenRun()]) {
      expect(Buffer.byteLength(htmlPage(each))).toBeLessThan(MOST_BYTES);
    }
  });

  it('stays readable in size where every clause fails at every flow', async () => {
    const red = await realisticRun();
    const verdicts = red.verdicts.map(({ clause, flow }) =>
      verdict(clause, flow, 'fail', {
        failures: Array.from({ length: 20 }, () => failure(`${flow}/happy-flow`, { observed: 'x'.repeat(200) })),
      }),
    );
    expect(Buffer.byteLength(htmlPage({ ...red, verdicts }))).toBeLessThan(3 * MOST_BYTES);
  });

  it('fetches nothing, runs nothing, and has neither the crown nor the licensed font', async () => {
    const page = htmlPage(await realisticRun());
    const found = /<script|<img|<iframe|<svg|url\(|@import|@font-face|GDS Transport/u.exec(page);
    expect(found?.[0]).toBeUndefined();
    expect(plain(page)).not.toMatch(/https?:/u);
    expect(page.match(/(src|href)="(?!#|data:,")/gu)).toBeNull();
    expect(page.match(/<\/style/gu)).toHaveLength(1);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`);
  });

  it('has the rules of GOV.UK Frontend for each of its classes that the page uses and that has rules there, and for no other', async () => {
    const page = htmlPage(await realisticRun());
    const [, css = ''] = /<style>(.*?)<\/style>/su.exec(page)!;
    for (const name of [
      'govuk-details__summary',
      'govuk-summary-list__key',
      'govuk-skip-link',
      'govuk-tag--green',
      'govuk-visually-hidden',
    ]) {
      expect(css).toContain(`.${name}`);
    }
    expect(css).toMatch(/\.govuk-details__summary:before\{[^}]*border/u);
    const used = new Set([...page.matchAll(/class="([^"]*)"/gu)].flatMap(([, names = '']) => names.split(' ')));
    const styled = [...css.replaceAll(/:not\([^)]*\)/gu, '').matchAll(/\.(govuk-[\w-]+)/gu)].map(([, name]) => name!);
    expect(styled.filter((name) => !used.has(name))).toEqual([]);
  });

  it('has one h1, headings that skip no level, ids that are unique, and links that lead somewhere', async () => {
    for (const each of [await realisticRun(), await greenRun(), run()]) {
      const page = htmlPage(each);
      const levels = [...page.matchAll(/<h(\d)/gu)].map(([, level]) => Number(level));
      expect(levels[0]).toBe(1);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.every((level, at) => at === 0 || level <= levels[at - 1]! + 1)).toBe(true);
      const ids = [...page.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id!);
      expect(new Set(ids).size).toBe(ids.length);
      const targets = [...page.matchAll(/href="#([^"]+)"/gu)].map(([, id]) => id!);
      expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
    }
  });

  it('begins with the answer, the profile and that it is illustrative', async () => {
    const text = plain(htmlPage(await realisticRun()));
    expect(text).toMatch(
      /Conformance report Core does not hold: 2 clauses broken; \d+ clauses outside it not tested Claimed profile: core , 43 clauses\..*? Illustrative: .*? Contents /u,
    );
  });

  it('tells a failure with its clause, why it matters, who asks for it, expected, observed, proof and command', async () => {
    const page = htmlPage(await realisticRun());
    const [article = ''] =
      /<article[^>]*id="failure-ord-2-incident-lifecycle-incidents".*?<\/article>/su.exec(page) ?? [];
    const text = plain(article);
    for (const said of [
      'ORD-2 on incident-lifecycle/incidents',
      'A gap in a key&#39;s sequence is noticed',
      'Expected 412/21JUL26 is parked after sequence 2 until 3 has come',
      'Observed 4 was handed to mobile 212 ms before 3',
      'At application mobile',
      'How often 4 times, of 36',
      'Why it matters',
      'Asked for by PRG-ORDER',
      'delivery 17 1,204.3 ms application mobile · message 4',
      'busworthy run incident-lifecycle --scenario gap --seed 7',
      '3 further failures',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('gives the bound beside a pass, the reason beside what was not tested, and what was shortened', async () => {
    const text = plain(htmlPage(await realisticRun()));
    expect(text).toMatch(/records-check\/vehicle-checks pass \d+ times [\d.]+ % /u);
    expect(text).toMatch(/Will be decided by [^.]+\. /u);
    expect(text).toMatch(/incident-lifecycle\/incidents ackWaitMs 30 s 600 ms/u);
    expect(text).toContain('fault class: none');
  });

  it('says that nothing failed and nothing is open where it is so', () => {
    const text = plain(htmlPage(run()));
    expect(text).toContain('No clause failed.');
    expect(text).toContain('Nothing was inconclusive');
    expect(text).toContain('Every clause that applies was put to the test.');
    expect(text).toContain('No latency was measured.');
  });

  it('names failures beyond those that it tells in full', () => {
    const verdicts = Array.from({ length: 45 }, (_, at) =>
      verdict(`A-${at}`, incidents, 'fail', { reason: `reason ${at} of many` }),
    );
    const text = plain(htmlPage(run({ verdicts })));
    for (const { reason } of verdicts.slice(40)) expect(text).toContain(reason);
  });
});
