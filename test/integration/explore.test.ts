import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { busworthy, TemporaryFolder } from '../cli/busworthy.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await TemporaryFolder.make();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('workloads by chance on every flow', () => {
  test('break nothing of the reference adapters, and put most clauses to the test', async () => {
    const out = folder.file('healthy');
    const { code, stdout } = await busworthy([
      'explore',
      '--runs',
      '2',
      '--seconds',
      '15',
      '--seed',
      '6',
      '--out',
      out,
    ]);
    expect(stdout).not.toMatch(/FAIL/u);
    expect(stdout).toMatch(/no workload of \d+ workloads by chance breaks core/u);
    expect(stdout).toMatch(/custody-task\/tasks +\d+ runs, 0 failed/u);
    expect(code).toBe(0);
    const judged = await busworthy(['judge', join(out, 'latest/journal.bwj'), '--deep']);
    expect(judged.code).toBe(0);
  });

  test.each(['acknowledges-before-effect', 'ignores-gap', 'sends-unchecked'])(
    'find the defect %s, shrink it, and perform it again',
    async (defect) => {
      const out = folder.file(defect);
      const limits = ['--runs', '60', '--seconds', '20', '--shrink', '10'];
      const args = ['explore', '--defect', defect, ...limits, '--seed', '4', '--out', out];
      const { code, stdout } = await busworthy(args);
      expect(stdout).toMatch(/smallest +\d messages? and \d events?/u);
      expect(code).toBe(1);
      const file = /busworthy replay (\S+)/u.exec(stdout)?.[1] ?? '';
      const { workload } = JSON.parse(await readFile(file, 'utf8')) as { workload: { messages: readonly object[] } };
      expect(workload.messages.length).toBeLessThanOrEqual(5);
      const again = await busworthy(['replay', file, '--times', '3']);
      expect(again.stdout).toContain('3 of 3 times: the counterexample is reproduced');
    },
  );

  test.each([
    ['ignores-sigterm', [], 'busworthy calibrate ignores-sigterm --through-adapters'],
    ['ignores-gap', ['--through-adapters'], 'busworthy explore --defect ignores-gap'],
  ])('refuse the defect %s of adapters that do not run %j', async (defect, options, next) => {
    const { code, stderr } = await busworthy(['explore', '--defect', defect, ...options]);
    expect(stderr).toContain(next);
    expect(code).toBe(3);
  });
});
