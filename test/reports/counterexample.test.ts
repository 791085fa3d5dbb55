import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
  counterexampleFile,
  counterexampleJson,
  searchText,
  sequenceText,
  sizeText,
} from '../../reports/counterexample.ts';
import { htmlPage } from '../../reports/html/page.ts';
import { summaryMarkdown } from '../../reports/summary.ts';
import { planned } from '../fixtures/services.ts';
import { counterexample, run, verdict } from './build.ts';

const incidents = 'incident-lifecycle/incidents';
const schema = JSON.parse(
  readFileSync(new URL('../../reports/counterexample.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv2020({ strict: false }).compile(schema);

describe('the file of a counterexample', () => {
  it.each(planned)('is what its published schema says, with the workload of $id', ({ service, flow, scenario }) => {
    const workload = scenario.workload(service, flow, 3);
    const text = counterexampleJson(run(), counterexample('ORD-1', incidents, { workload }));
    expect(validate(JSON.parse(text)) ? [] : validate.errors).toEqual([]);
  });

  it('holds the seed, the digest of the contracts, the versions, the rate and the command', () => {
    expect(JSON.parse(counterexampleJson(run(), counterexample('ORD-1', incidents)))).toMatchObject({
      clause: 'ORD-1',
      found: { trial: `${incidents}/gap`, trialSeed: 99, runSeed: 7 },
      verdict: {
        verdict: 'fail',
        expected: 'what should be',
        observed: 'what was',
        failed: 6,
        tried: 6,
        ownAdaptersPass: true,
      },
      contracts: { 'incident-lifecycle': 'ab'.repeat(32) },
      versions: { busworthy: '0.1.0', natsServer: '2.15.1' },
      timeScale: 0.02,
      command: 'busworthy replay counterexample-ORD-1-incident-lifecycle-incidents.json --bus process',
    });
  });

  it('has a name that every file system takes', () => {
    expect(counterexampleFile(counterexample('ORD-1', 'a b/ü:c'))).toBe('counterexample-ORD-1-a-b-c.json');
  });
});

describe('the text of a counterexample', () => {
  it('says the rate of a failure that shows only sometimes, and that there may be something simpler', () => {
    const rare = counterexample('ORD-1', incidents, { rate: { failed: 1, tried: 4 }, minimal: false, control: false });
    expect(sizeText(rare)).toBe('2 messages and 1 event, of 18 and 8; failed in 1 of 4 runs (25 %)');
    expect(searchText(rare)).toBe(
      'Found in 24 runs, 4.2 s; the budget was used up before everything simpler had been tried. The harness’s own adapters break the clause under the same workload, too.',
    );
  });

  it('lists messages, then what happened, with a mark at what proves the failure', () => {
    const lines = sequenceText(counterexample('ORD-1', incidents));
    expect(lines[0]).toMatch(/^#1 IncidentCreated/u);
    expect(lines.filter((line) => line.startsWith('!')).length).toBe(2);
    expect(lines.at(-1)).toMatch(/^ {2}1,300\.0 ms {2}bus +dead letter of #1 for mobile: exhausted$/u);
  });

  it('stands in the summary of a job', () => {
    const given = run({
      verdicts: [verdict('ORD-1', incidents, 'fail')],
      counterexamples: [counterexample('ORD-1', incidents)],
    });
    expect(summaryMarkdown(given)).toContain(
      'Smallest: 2 messages and 1 event, of 18 and 8; failed in 6 of 6 runs. Found in 24 runs',
    );
  });
});

describe('the drawing of a counterexample', () => {
  const given = run({
    verdicts: [verdict('ORD-1', incidents, 'fail')],
    counterexamples: [counterexample('ORD-1', incidents)],
  });

  it('has a lifeline for everybody and an arrow or a mark for everything, without a script', () => {
    const page = htmlPage(given);
    const drawing = /<svg\s+class="bw-sequence"[^]*?<\/svg>/u.exec(page)?.[0] ?? '';
    expect(drawing.match(/bw-sequence__line/gu)?.length).toBe(5);
    expect(drawing.match(/class="bw-sequence__arrow/gu)?.length).toBe(4);
    expect(drawing.match(/class="bw-sequence__mark/gu)?.length).toBe(2);
    expect(drawing.match(/bw-sequence--proof/gu)?.length).toBe(2);
    expect(drawing).toContain('role="img"');
    expect(page).not.toContain('<script');
  });

  it('says the same in words, and links to the file that performs it again', () => {
    const page = htmlPage(given);
    for (const line of sequenceText(counterexample('ORD-1', incidents))) expect(page).toContain(line.trim());
    expect(page).toContain('href="counterexample-ORD-1-incident-lifecycle-incidents.json"');
  });
});
