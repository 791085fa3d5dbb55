import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { checkout } from '../cli/busworthy.ts';
import { holdsAtEveryEnd } from './every-end.ts';

const run = promisify(execFile);
const folder = join(checkout, 'harness/adapters/reference/python');
const python = join(folder, '.venv/bin/python');

/** Installs what the adapter needs beside it, which costs nothing where all is there. Gives why that cannot be had. */
async function install(): Promise<string | undefined> {
  const version = ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))'];
  const found = await run('python3', version).catch(() => undefined);
  if (found === undefined) return 'there is no python3 of version 3.11 or later';
  const there = await access(python).then(
    () => true,
    () => false,
  );
  try {
    if (!there) await run('python3', ['-m', 'venv', join(folder, '.venv')]);
    const quietly = ['--quiet', '--disable-pip-version-check', '--requirement'];
    await run(python, ['-m', 'pip', 'install', ...quietly, join(folder, 'requirements-test.txt')]);
  } catch {
    return 'the packages of requirements-test.txt cannot be installed';
  }
  return undefined;
}

const absent = await install();

test('its own tests pass', { timeout: 60_000 }, async (context) => {
  context.skip(absent !== undefined, absent);
  const { stdout } = await run(python, ['-m', 'pytest', '--quiet', '-p', 'no:cacheprovider'], { cwd: folder });
  expect(stdout).toMatch(/\d+ passed/);
});

holdsAtEveryEnd([python, 'main.py'], folder, absent);
