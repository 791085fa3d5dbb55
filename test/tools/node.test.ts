import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { REPOSITORY } from './planted-tree.ts';

const OLDEST_MAJOR = 24;

function major(version: string): number {
  return Number(/^v?(\d+)\./.exec(version)?.[1]);
}

test('the tests run on Node 24 or later', () => {
  expect(major(process.version)).toBeGreaterThanOrEqual(OLDEST_MAJOR);
});

test("npm scripts run on the repository's own Node, whatever the system has", () => {
  const version = execFileSync('npm', ['exec', '--call', 'node --version'], { cwd: REPOSITORY, encoding: 'utf8' });
  expect(major(version)).toBeGreaterThanOrEqual(OLDEST_MAJOR);
});

interface Locked {
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const locked = Object.entries(
  (JSON.parse(readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8')) as { packages: Record<string, Locked> })
    .packages,
);

test('the lock names no registry host, and an integrity for every package', () => {
  const fetched = locked.filter(([path, { inBundle }]) => path !== '' && inBundle !== true);
  expect(fetched.length).toBeGreaterThan(100);
  expect(fetched.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  expect(fetched.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
});

/** A package that the registry lacked when the lock was written is left out silently, and `npm ci` then refuses the lock. */
test('the lock holds the optional packages of every platform, without which `npm ci` refuses it', () => {
  const names = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, '')));
  const wanted = locked.flatMap(([, { optionalDependencies }]) => Object.keys(optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(10);
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('every dependency is pinned to one version', () => {
  const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies' | 'optionalDependencies',
    Record<string, string>
  >;
  const ranges = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  }).filter(([, range]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range));
  expect(ranges).toEqual([]);
});
