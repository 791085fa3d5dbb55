import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlantedTree, REPOSITORY } from './planted-tree.ts';

function report(body: string): { readonly lines: readonly string[]; readonly status: number | null } {
  using tree = new PlantedTree({
    'a.test.ts': `import { beforeAll, describe, expect, test } from 'vitest';\n${body}\n`,
    'b.test.ts': `import { test } from 'vitest';\ntest('b', () => {});\n`,
  });
  const reporter = join(REPOSITORY, 'test/reporter.ts');
  const vitest = join(REPOSITORY, 'node_modules/.bin/vitest');
  const { stdout, status } = spawnSync(vitest, ['run', '--reporter', reporter], {
    cwd: tree.root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { lines: stdout.trimEnd().split('\n'), status };
}

describe('the last line of the report', () => {
  test.each([
    ['counts what passed', `test('a', () => {});`, '2 passed, 0 failed', 0],
    ['counts a failed test', `test('a', () => { expect(1).toBe(2); });`, '1 passed, 1 failed', 1],
    ['counts a file that cannot be loaded', `throw new Error('broken');`, '1 passed, 1 failed', 1],
    [
      'counts a failed hook',
      `describe('d', () => { beforeAll(() => { throw new Error('x'); }); test('a', () => {}); });`,
      '1 passed, 1 failed, 1 skipped',
      1,
    ],
    [
      'counts an error outside of any test',
      `test('a', () => { void Promise.reject(new Error('x')); });`,
      '2 passed, 1 failed',
      1,
    ],
  ])('%s', (_what, body, closing, exitCode) => {
    const { lines, status } = report(body);
    expect(lines.at(-1)).toBe(closing);
    expect(status).toBe(exitCode);
  });
});

test('the report names each skipped test with its reason', () => {
  const { lines } = report(
    `test('a', ({ skip }) => { skip('no engine answers'); });\ntest.skipIf(true)('c', () => {});`,
  );
  expect(lines.slice(-3)).toEqual([
    'skipped: a.test.ts › a: no engine answers',
    'skipped: a.test.ts › c: no reason given',
    '1 passed, 0 failed, 2 skipped',
  ]);
});

test('the report names the slow tests', () => {
  const { lines } = report(
    `test('a', () => { const end = performance.now() + 2100; while (performance.now() < end); });`,
  );
  expect(lines.at(-2)).toMatch(/^slow: 2\.\d s a\.test\.ts › a$/);
});
