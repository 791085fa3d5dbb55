import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PlantedTree, REPOSITORY } from './planted-tree.ts';

interface PlantedFlaw {
  /** Rule, or `none` where the file must pass. */
  readonly rule: string;
  readonly file: string;
  readonly source: string;
}

const PLANTED: readonly PlantedFlaw[] = [
  flaw('no-floating-promises', 'harness/bus/a.ts', `async function f() {}\nexport function g() { f(); }`),
  flaw('no-misused-promises', 'harness/bus/b.ts', `export function g() { setTimeout(async () => { await 1; }, 1); }`),
  flaw('no-explicit-any', 'harness/bus/c.ts', `export const a: any = 1;`),
  flaw('no-unsafe-assignment', 'harness/bus/d.ts', `export const a = JSON.parse('1');`),
  flaw('consistent-type-imports', 'harness/bus/e.ts', `import { A } from './types.ts';\nexport const a: A = 1;`),
  flaw('consistent-type-imports', 'harness/bus/f.ts', `export const a: import('./types.ts').A = 1;`),
  flaw(
    'switch-exhaustiveness-check',
    'harness/bus/g.ts',
    `export function f(a: 1 | 2) { switch (a) { case 1: return 1; } return 2; }`,
  ),
  flaw('no-unused-vars', 'harness/bus/h.ts', `const a = 1;\nexport {};`),
  flaw('no-default-export', 'harness/bus/i.ts', `export default 1;`),
  flaw('no-console', 'harness/bus/j.ts', `console.log(1);`),
  flaw('none', 'harness/cli/a.ts', `console.log(1);`),
  flaw('no-restricted-properties', 'harness/bus/k.ts', `export const a = Date.now();`),
  flaw('no-restricted-properties', 'harness/bus/l.ts', `export const { now } = Date;`),
  flaw('no-restricted-properties', 'harness/bus/m.ts', `export const a = performance.now();`),
  flaw('no-restricted-properties', 'harness/bus/n.ts', `export const a = process.hrtime.bigint();`),
  flaw('no-restricted-properties', 'harness/cli/b.ts', `export const a = Math.random();`),
  flaw('no-restricted-properties', 'test/unit/a.ts', `export const a = Math.random();`),
  flaw('none', 'harness/engine/clock.ts', `export const now = () => performance.now();`),
  flaw('none', 'harness/generate/random.ts', `export const random = () => Math.random();`),
  flaw(
    'no-disabled-tests',
    'test/unit/b.test.ts',
    `import { expect, test } from 'vitest';\ntest.skip('a', () => { expect(1).toBe(1); });`,
  ),
  flaw(
    'no-focused-tests',
    'test/unit/c.test.ts',
    `import { expect, test } from 'vitest';\ntest.only('a', () => { expect(1).toBe(1); });`,
  ),
  flaw('expect-expect', 'test/unit/d.test.ts', `import { test } from 'vitest';\ntest('a', () => {});`),
];

function flaw(rule: string, file: string, source: string): PlantedFlaw {
  return { rule, file, source: `${source}\n` };
}

const found = (() => {
  using tree = new PlantedTree({
    'harness/bus/types.ts': `export type A = 1;\n`,
    ...Object.fromEntries(PLANTED.map(({ file, source }) => [file, source])),
  });
  const { stdout } = spawnSync(
    join(REPOSITORY, 'node_modules/.bin/oxlint'),
    ['--disable-nested-config', '--format', 'json'],
    {
      cwd: tree.root,
      encoding: 'utf8',
    },
  );
  return (JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] }).diagnostics;
})();

describe('the linter', () => {
  test.each(PLANTED)('finds $rule in $file', ({ rule, file }) => {
    const codes = found
      .filter(({ filename }) => filename === file)
      .map(({ code }) => code.replace(/^.*\((.+)\)$/, '$1'));
    if (rule === 'none') expect(codes).toEqual([]);
    else expect(codes).toContain(rule);
  });
});
