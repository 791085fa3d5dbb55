import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { checkout } from '../cli/busworthy.ts';
import { holdsAtEveryEnd } from './every-end.ts';

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

holdsAtEveryEnd([join(folder, 'bin/adapter')], folder, absent);
