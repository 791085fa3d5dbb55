import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { loadService } from '../../harness/contracts/index.ts';
import { busworthy, checkout, contracts, TemporaryFolder } from '../cli/busworthy.ts';

const run = promisify(execFile);
const folder = join(checkout, 'harness/adapters/reference/go');
// Go's own installer puts it there, and leaves PATH to the user.
const PATH = `${process.env['PATH'] ?? ''}${delimiter}/usr/local/go/bin`;
const inFolder = { cwd: folder, env: { ...process.env, PATH } };

/** Fetches the modules, which costs nothing where they are there. Gives why the adapter cannot be built here. */
async function prepare(): Promise<string | undefined> {
  const found = await run('go', ['version'], { env: inFolder.env }).catch(() => undefined);
  if (found === undefined) return 'there is no go';
  const fetched = await run('go', ['mod', 'download'], inFolder).catch(() => undefined);
  return fetched === undefined
    ? 'the modules of go.mod, or the version of Go that it names, cannot be fetched'
    : undefined;
}

const absent = await prepare();
// Built once for all processes; what does not compile is no reason to skip.
if (absent === undefined) await run('go', ['build', '-o', 'bin/', '.'], inFolder);

test('its own tests pass', { timeout: 120_000 }, async (context) => {
  context.skip(absent !== undefined, absent);
  const { stdout } = await run('go', ['test', './...'], inFolder);
  expect(stdout).toMatch(/^ok\s/m);
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
      await writeFile(
        file,
        JSON.stringify({ service: name, application, command: [join(folder, 'bin/adapter')], cwd: folder }),
      );
    }
    const adapters = files.flatMap(({ file }) => ['--adapter', file]);
    const chosen = ['--scenario', scenarios.join(','), '--out', temporary.file('out'), '--seed', '5'];
    const { stdout, stderr } = await busworthy(['run', name, ...adapters, ...chosen]);
    expect(`${stdout}${stderr}`).not.toMatch(/FAIL|inconclusive [A-Z]/);
    // So few scenarios leave some clauses untested; of all others none fails, and none is inconclusive.
    expect(stdout).toMatch(/^MUST of core: [1-9]\d* pass(, \d+ not tested)?;/m);
  },
);
