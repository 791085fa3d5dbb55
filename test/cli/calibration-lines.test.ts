import { expect, test } from 'vitest';
import type { Calibrated } from '../../harness/calibrate/calibrate.ts';
import type { Defect } from '../../harness/calibrate/defect.ts';
import { summary, wrongLines } from '../../harness/cli/calibration-lines.ts';

const defect = (name: string): Defect => ({
  name,
  title: name,
  clause: 'DEL-1',
  flow: 'custody-task/tasks',
  scenario: 'happy-flow',
  breaks: {},
});

const came = (result: Calibrated['result'], name: string, of?: Defect): Calibrated => ({
  name,
  flow: 'custody-task/tasks',
  scenario: 'happy-flow',
  ...(of === undefined ? {} : { defect: of }),
  result,
  failed: [],
  undecided: result === 'missed' ? ['DEL-1'] : [],
  why: result === 'caught' || result === 'green' ? '' : 'the machine stood still',
  seed: 7,
  durationMs: 1500,
});

const results = [
  came('caught', 'one', defect('one')),
  came('missed', 'two', defect('two')),
  came('green', 'custody-task/tasks/happy-flow'),
  came('red', 'custody-task/tasks/rejected'),
];

test('a calibration ends with what went wrong, why, and the command that shows it again', () => {
  expect(wrongLines(results, { seed: 7, throughAdapters: true })).toBe(
    'missed            DEL-1   two  1.5 s [fails: none; undecided: DEL-1] the machine stood still\n' +
      'red               healthy custody-task/tasks/rejected  1.5 s [fails: none; undecided: none] the machine stood still\n' +
      'again: busworthy calibrate two --seed 7 --through-adapters\n',
  );
  expect(wrongLines(results.slice(0, 1), { seed: 7 })).toBe('');
});

test('a bound is said where every healthy run was green, and only there', () => {
  expect(summary(results)).toMatch(/1 of 2 defects .*50 %.*1 missed\n1 of 2 healthy runs green\n$/s);
  expect(summary(results.slice(0, 3))).toContain('1 of 1 healthy runs green, so that at most 95.0 % are red');
});
