import { describe, expect, it } from 'vitest';
import type { KnownCalibration } from '../../harness/model/calibration.ts';
import { consoleReport } from '../../reports/console.ts';
import { htmlPage } from '../../reports/html/page.ts';
import { junitXml } from '../../reports/junit.ts';
import { runJson } from '../../reports/run-json.ts';
import { summaryMarkdown } from '../../reports/summary.ts';
import { run } from './build.ts';

const calibration: KnownCalibration = {
  calibratedAt: '2026-07-20T10:00:00.000Z',
  seed: 7,
  versions: { busworthy: '0.1.0', node: 'v24', natsServer: '2.15.2' },
  catalogueDigest: 'c1',
  bankDigest: 'b1',
  defects: 212,
  caught: 212,
  healthyRuns: 60,
  green: 60,
  bound: 0.0487,
  stale: '',
};
const formats: Readonly<Record<string, (of: ReturnType<typeof run>) => string>> = {
  console: (of) => consoleReport(of, { colour: false, width: 200 }),
  page: htmlPage,
  summary: (of) => summaryMarkdown(of).replaceAll('\\', ''),
  junit: junitXml,
};

describe.each(Object.entries(formats))('on the %s', (_name, render) => {
  it('a run tells how many defects the last calibration caught, of how many, and how often a healthy run may be red', () => {
    expect(render(run({ header: { calibration } }))).toContain(
      'calibrated on 20 July 2026 at 10:00:00 UTC: 212 of 212 defects caught (100 %), ' +
        '60 of 60 healthy runs green, so that at most 4.9 % are red (95 % confidence)',
    );
  });

  it('a calibration of something else is named as stale, with the reason and without its figures', () => {
    const text = render(
      run({ header: { calibration: { ...calibration, stale: 'the bank of defects has changed since' } } }),
    );
    expect(text).toContain('is stale: the bank of defects has changed since');
    expect(text).not.toContain('212');
  });

  it('a run without a calibration says so', () => {
    expect(render(run())).toContain('not calibrated: no calibration is recorded');
  });
});

it('run.json has the whole of it', () => {
  const written = JSON.parse(runJson(run({ header: { calibration } }))) as ReturnType<typeof run>;
  expect(written.header.calibration).toEqual(calibration);
});

it('where a healthy run was red there is no bound', () => {
  const { bound: _bound, ...red } = { ...calibration, green: 59, caught: 200 };
  expect(formats['console']?.(run({ header: { calibration: red } }))).toContain(
    '200 of 212 defects caught (94 %), 59 of 60 healthy runs green\n',
  );
});
