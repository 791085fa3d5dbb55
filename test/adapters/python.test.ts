import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { loadService } from '../../harness/contracts/index.ts';
import { busworthy, checkout, contracts, TemporaryFolder } from '../cli/busworthy.ts';

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

/** Of each exchange pattern what says most of an adapter in a few seconds. */
const runs = {
  'incident-lifecycle': ['happy-flow', 'gap', 'restart-subscriber', 'conflicts'],
  'case-file-transfer': ['happy-flow', 'broken-bundles'],
  'records-check': ['happy-flow', 'answer-kinds', 'no-responder'],
  'unit-state': ['happy-flow', 'out-of-order'],
} as const;

test.for(Object.entries(runs))(
  'at every end of %s it holds',
  { timeout: 180_000 },
  async ([name, scenarios], context) => {
    context.skip(absent !== undefined, absent);
    await using temporary = await TemporaryFolder.make();
    const { applications } = await loadService(join(contracts, name));
    const files = applications.map(({ name: application }) => ({
      application,
      file: temporary.file(`${application}.yaml`),
    }));
    for (const { application, file } of files) {
      await writeFile(file, JSON.stringify({ service: name, application, command: [python, 'main.py'], cwd: folder }));
    }
    const adapters = files.flatMap(({ file }) => ['--adapter', file]);
    const chosen = ['--scenario', scenarios.join(','), '--out', temporary.file('out'), '--seed', '5'];
    const { stdout, stderr } = await busworthy(['run', name, ...adapters, ...chosen]);
    expect(`${stdout}${stderr}`).not.toMatch(/FAIL|inconclusive [A-Z]/);
    // So few scenarios leave some clauses untested; of all others none fails, and none is inconclusive.
    expect(stdout).toMatch(/^MUST of core: [1-9]\d* pass(, \d+ not tested)?;/m);
  },
);
