import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { checkout } from '../cli/busworthy.ts';
import { holdsAtEveryEnd } from './every-end.ts';

const run = promisify(execFile);
const folder = join(checkout, 'harness/adapters/reference/java');
const maven = ['--quiet', '--batch-mode'];

/** Fetches the libraries and Maven's own plugins, which costs nothing where they are there. Gives why the adapter cannot be built here. */
async function prepare(): Promise<string | undefined> {
  const version = await run('javac', ['-version']).catch(() => undefined);
  const major = Number(/\d+/.exec(`${version?.stdout ?? ''}${version?.stderr ?? ''}`)?.[0] ?? 0);
  if (major < 17) return 'there is no JDK of version 17 or later';
  if ((await run('mvn', ['--version']).catch(() => undefined)) === undefined) return 'there is no Maven';
  const fetched = await run('mvn', [...maven, 'dependency:go-offline'], { cwd: folder }).catch(() => undefined);
  return fetched === undefined ? 'the libraries of pom.xml cannot be fetched' : undefined;
}

const absent = await prepare();
// Built once for all processes; what does not compile is no reason to skip.
if (absent === undefined) await run('mvn', [...maven, '-DskipTests', 'package'], { cwd: folder });

test('its own tests pass', { timeout: 180_000 }, async (context) => {
  context.skip(absent !== undefined, absent);
  const { stdout } = await run('mvn', ['--batch-mode', 'surefire:test'], { cwd: folder });
  expect(stdout).toMatch(/Tests run: [1-9]\d+, Failures: 0, Errors: 0/);
});

// Of the others the ends take long to start, five at a time; they were tried by hand.
holdsAtEveryEnd(['java', '@adapter.args'], folder, absent, ['case-file-transfer', 'records-check', 'unit-state']);
