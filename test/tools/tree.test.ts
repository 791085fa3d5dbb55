import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from './planted-tree.ts';

interface Smell {
  readonly what: string;
  readonly pattern: RegExp;
}

/** Spelt so that this file does not hold what it looks for. */
const SMELLS: readonly Smell[] = [
  {
    what: 'a folder of one machine',
    pattern: /(?:(?<![\w.~$:/}-])|file:\/\/)\/(?:work|root|home\/\w+|Users\/\w+)[/'"`\s)]/,
  },
  { what: "a registry's host", pattern: /registry\.npmjs\.(?:org|com)|registry\.yarnpkg\.com|npm\.pkg\.github\.com/ },
  { what: 'an unresolved merge', pattern: /^(?:<{7}|>{7}) /m },
];

/** What the top level holds, beside files whose name starts with a dot. */
const TOP_LEVEL = [
  'ADAPTERS.md',
  'ARCHITECTURE.md',
  'CLAUSES.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'contracts',
  'harness',
  'package-lock.json',
  'package.json',
  'reports',
  'scenarios',
  'test',
  'tsconfig.json',
];

const tracked = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: REPOSITORY,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '');

test('git knows the files of the repository', () => {
  expect(tracked).toContain('package.json');
});

test.each(SMELLS)('no file holds $what', ({ pattern }) => {
  const found = tracked
    .filter((path) => !/\.(?:png|gz|journal|woff2)$/.test(path))
    .flatMap((path) => matches(path, pattern));
  expect(found).toEqual([]);
});

test.each([
  ['a folder of one machine', `cd ${['', 'work', 'main'].join('/')}`],
  ['a folder of one machine', `"${['', 'home', 'ada', 'x'].join('/')}"`],
  ['a folder of one machine', `file://${['', 'root', 'x'].join('/')}`],
  ["a registry's host", `https://${['registry', 'npmjs', 'org'].join('.')}/x`],
  ['an unresolved merge', `${'<'.repeat(7)} HEAD`],
])('the search for %s finds a planted one', (what, text) => {
  expect(SMELLS.find((smell) => smell.what === what)?.pattern.test(text)).toBe(true);
});

test('the top level holds what is agreed, and dot files', () => {
  const top = new Set(tracked.map((path) => path.split('/')[0] ?? path));
  expect([...top].filter((name) => !name.startsWith('.') && !TOP_LEVEL.includes(name))).toEqual([]);
});

/** Every look at the system's time goes through the one clock; oxlint has no rule for this form of it. */
test('no file but the clock asks for the present by `new Date()`', () => {
  const product = tracked.filter((path) => /^(?:harness|scenarios|reports)\/.*\.ts$/.test(path));
  const present = /\bnew Date\(\s*\)|(?<!new )\bDate\(\s*\)/;
  const found = product.filter((path) => path !== 'harness/engine/clock.ts').flatMap((path) => matches(path, present));
  expect(found).toEqual([]);
  expect(present.test('const a = new Date( );')).toBe(true);
});

function matches(path: string, pattern: RegExp): string[] {
  let text: string;
  try {
    text = readFileSync(join(REPOSITORY, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text
    .split('\n')
    .flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${String(index + 1)}: ${line.trim().slice(0, 120)}`] : [],
    );
}
