import { expect, test } from 'vitest';
import { applies, type Clause } from '../../harness/model/clause.ts';
import { bank, catalogue, decided, flows, read, coreTrials } from './project.ts';

/** Lines of the README's excerpt of a name. */
function excerpt(name: string): readonly string[] {
  const text = new RegExp(`<!-- excerpt: ${name} -->\\n\`\`\`console\\n([^]*?)\\n\`\`\``).exec(read('README.md'))?.[1];
  if (text === undefined) throw new Error(`the README has no excerpt ${name}`);
  return text.split('\n');
}

const lineWith = (lines: readonly string[], pattern: RegExp): readonly string[] => {
  const match = lines.map((line) => pattern.exec(line)).find((found) => found !== null);
  if (match === undefined) throw new Error(`no line is like ${String(pattern)}`);
  return [...match].slice(1);
};

test('the run in the readme has the trials of today', () => {
  const lines = excerpt('run');
  const ids = coreTrials
    .filter(({ header }) => header.flow === 'incident-lifecycle/incidents')
    .map(({ header }) => header.id);
  const shown = lines.flatMap((line) => {
    const match = /^\[ ?(\d+)\/(\d+)\] (\S+) {2}ok {2}[\d.]+ s$/.exec(line);
    return match === null ? [] : [{ total: Number(match[2]), id: match[3] ?? '' }];
  });
  expect(shown.length).toBeGreaterThan(2);
  for (const { total, id } of shown) {
    expect(total).toBe(ids.length);
    expect(ids).toContain(id);
  }
  expect(lineWith(lines, /^bus: .*, (\d+) trials, time scale/)).toEqual([String(ids.length)]);
});

test('the run in the readme comes to the verdicts of today', () => {
  const lines = excerpt('run');
  const flow = flows.find(({ id }) => id === 'incident-lifecycle/incidents');
  if (flow === undefined) throw new Error('there is no such flow');
  const core = catalogue.profiles.find(({ name }) => name === 'core')?.clauses ?? [];
  const asked = catalogue.clauses.filter((clause) => applies(clause, flow));
  const binding = (clause: Clause): boolean => clause.level === 'MUST' && core.includes(clause.id);
  const others = asked.filter((clause) => !binding(clause));
  // Load is a run of its own.
  const open = others.filter((clause) => !decided.includes(clause) || clause.checker === 'performance').length;
  expect(lineWith(lines, /^MUST of core: (\d+) pass; others: (\d+) pass, (\d+) not tested; /)).toEqual([
    String(asked.filter(binding).length),
    String(others.length - open),
    String(open),
  ]);
  expect(lineWith(lines, /^core holds; (\d+) clauses outside it not tested$/)).toEqual([String(open)]);
});

test('the calibration in the readme has defects and clauses of the bank', () => {
  const shown = excerpt('calibrate').flatMap((line) => {
    const match = /^caught +(\S+) +(\S+) {2}[\d.]+ s$/.exec(line);
    return match === null ? [] : [`${match[1] ?? ''} ${match[2] ?? ''}`];
  });
  expect(shown.length).toBeGreaterThan(2);
  const known = bank.map(({ clause, name }) => `${clause} ${name}`);
  expect(shown.filter((pair) => !known.includes(pair))).toEqual([]);
});
