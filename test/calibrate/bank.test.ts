import { describe, expect, test } from 'vitest';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { inSequence } from '../../harness/calibrate/bank/sequences.ts';
import { sampleOf } from '../../harness/calibrate/sample.ts';
import { fitsProgram, needsProgram } from '../../harness/calibrate/defect.ts';
import { planTrials } from '../../scenarios/plan.ts';
import { catalogue, services } from '../fixtures/services.ts';

const programs = bank.filter(needsProgram);
const claimed = catalogue.clauses.map(({ id }) => id);
const trials = new Set(planTrials(services, catalogue, { claimed }, 1).map(({ header }) => header.id));

describe('a sample of the bank', () => {
  test('has all that only a program shows, so many others, and the same again for a seed', () => {
    for (const seed of [1, 2, 3]) {
      const sample = sampleOf(bank, 5, seed);
      expect(sample.filter(needsProgram)).toEqual(programs);
      expect(sample.length).toBe(programs.length + 5);
      expect(sampleOf(bank, 5, seed)).toEqual(sample);
    }
    expect(sampleOf(bank, 5, 1)).not.toEqual(sampleOf(bank, 5, 2));
  });
});

describe('the bank of defects', () => {
  test('holds at least 80, each with a name of its own, on a flow and a scenario that there are', () => {
    expect(bank.length).toBeGreaterThanOrEqual(80);
    expect(new Set(bank.map(({ name }) => name)).size).toBe(bank.length);
    expect(bank.filter(({ flow, scenario }) => !trials.has(`${flow}/${scenario}`)).map(({ name }) => name)).toEqual([]);
  });

  test('covers every MUST clause that a checker decides at least twice', () => {
    const must = catalogue.clauses.filter(({ level, checker }) => level === 'MUST' && checker !== undefined);
    expect(must.length).toBeGreaterThan(30);
    const times = (clause: string): number => bank.filter((defect) => defect.clause === clause).length;
    expect(must.map(({ id }) => [id, times(id)] as const).filter(([, count]) => count < 2)).toEqual([]);
  });

  test('holds at least 12 that only a sequence shows, of at least 8 clauses', () => {
    expect(inSequence.length).toBeGreaterThanOrEqual(12);
    expect(new Set(inSequence.map(({ clause }) => clause)).size).toBeGreaterThanOrEqual(8);
    expect(inSequence.every((defect) => bank.includes(defect))).toBe(true);
  });

  test('holds at least 30 that a program behind the port can have, those among them that nothing else shows', () => {
    const behindThePort = bank.filter(fitsProgram);
    expect(behindThePort.length).toBeGreaterThanOrEqual(30);
    expect(programs.length).toBeGreaterThanOrEqual(20);
    expect(programs.every((defect) => behindThePort.includes(defect))).toBe(true);
  });
});
