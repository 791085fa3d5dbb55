import { describe, expect, it } from 'vitest';
import { NONE } from '../../harness/model/table.ts';
import { evidenceReader, lineText } from '../../reports/evidence.ts';
import { count, dateTime, duration, instant, percent } from '../../reports/figures.ts';
import { printable } from '../../reports/printable.ts';
import { commandOf, reproduce } from '../../reports/reproduce.ts';
import { failure, flow, line, run, service, trial } from './build.ts';

describe('figures', () => {
  it.each([
    [0, '0 ms'],
    [0.4213, '0.421 ms'],
    [12.34, '12.3 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1250, '1.25 s'],
    [59_960, '1 min'],
    [125_000, '2 min 5 s'],
    [604_800_000, '7 d'],
    [-3, '-3 ms'],
    [Number.NaN, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('write %d milliseconds as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('write counts, points in time and rates for people', () => {
    expect([
      count(12_880),
      instant(1204.26),
      percent(0.02951),
      percent(1),
      percent(0.9959),
      percent(0.99999),
      dateTime('2026-07-21T14:03:07Z'),
      dateTime('soon'),
    ]).toEqual(['12,880', '1,204.3 ms', '3 %', '100 %', '99.5 %', '99.9 %', '21 July 2026 at 14:03:07 UTC', 'soon']);
  });
});

describe('printable text', () => {
  it('is on one line, with what a terminal would obey written out', () => {
    expect(printable('a\r\n\tb\u001b[2J\u0000\u202ec\ud800 😀')).toBe(
      String.raw`a b\u{1b}[2J\u{0}\u{202e}c\u{d800} 😀`,
    );
  });
});

describe('a line of evidence', () => {
  const trialId = 'incident-lifecycle/incidents/gap';
  const lines = [
    line(trialId, 'delivery', 3, {
      at: 20,
      message: NONE,
      id: 'a',
      flow: 'incident-lifecycle/incidents',
      lateMs: Number.NaN,
      effect: 'yes',
      valid: 'no',
      chainIntact: 'unknown',
    }),
    line(trialId, 'stored', 1, { at: 10, stream: 's', sequence: 4 }),
    line(trialId, 'planned', 7, { type: 'IncidentCreated' }),
  ];
  const of = failure(trialId, {
    evidence: [
      { table: 'delivery', row: 3 },
      { table: 'deadLetter', row: 9 },
      { table: 'stored', row: 1 },
      { table: 'planned', row: 7 },
    ],
  });

  it('says what is known, leaves out what is not, and comes in the order of time', () => {
    expect(evidenceReader(run({ lines }))(of).map(lineText)).toEqual([
      'dead letter 9',
      'planned 7: type IncidentCreated',
      'stored 1 at 10.0 ms: stream s, sequence 4',
      'delivery 3 at 20.0 ms: id a, no: valid, yes: effect',
    ]);
  });
});

describe('the command that reproduces', () => {
  const flows = [flow('anpr-hit/hits'), flow('anpr-hit/reads')];
  const command = [
    'run',
    'anpr-hit',
    '--seed',
    '7',
    '--bus=nats://b:4222',
    '--creds',
    "it's me.creds",
    '--time-scale',
    '1',
    '--clause',
    'ORD-1',
    '--out',
    'x',
  ];
  const given = run({
    trials: [trial('anpr-hit/hits', 'duplicates', { seed: 123_456 })],
    header: { services: [service('anpr-hit', flows)], command },
  });

  it('names the trial’s flow and scenario with the run’s seed, and keeps the bus and the time scale', () => {
    expect(reproduce(given, 'anpr-hit/hits/duplicates')).toBe(
      `busworthy run anpr-hit --flow anpr-hit/hits --scenario duplicates --seed 7 --bus=nats://b:4222 --creds 'it'\\''s me.creds' --time-scale 1`,
    );
  });

  it('is that of the whole run where there is no such trial', () => {
    expect(reproduce(given, 'nowhere')).toBe(commandOf(given));
    expect(commandOf(given)).toMatch(/^busworthy run anpr-hit --seed 7 .* --out x$/u);
  });
});
