import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { checkout } from '../cli/busworthy.ts';
import { holdsAtEveryEnd } from './every-end.ts';

const run = promisify(execFile);
const folder = join(checkout, 'harness/adapters/reference/java');
const notFetched = /could not be resolved|could not transfer|could not find artifact/i;

interface Built {
  /** What Maven said, its tests included; whether they pass is for a test to say. */
  readonly output: string;
  /** Why the adapter cannot be built here. What does not compile is no reason. */
  readonly absent?: string;
}

/** Builds the adapter once for all processes, and runs its own tests. */
async function build(): Promise<Built> {
  const version = await run('javac', ['-version']).catch(() => undefined);
  const major = Number(/\d+/.exec(`${version?.stdout ?? ''}${version?.stderr ?? ''}`)?.[0] ?? 0);
  if (major < 17) return { output: '', absent: 'there is no JDK of version 17 or later' };
  if ((await run('mvn', ['--version']).catch(() => undefined)) === undefined)
    return { output: '', absent: 'there is no Maven' };
  try {
    const { stdout } = await run('mvn', ['--batch-mode', '-Dmaven.test.failure.ignore', 'package'], { cwd: folder });
    return { output: stdout };
  } catch (error) {
    const { stdout } = error as { readonly stdout: string };
    if (!notFetched.test(stdout)) throw error;
    return { output: '', absent: "the libraries of pom.xml, or Maven's plugins, cannot be fetched" };
  }
}

const { output, absent } = await build();

test('its own tests pass', (context) => {
  context.skip(absent !== undefined, absent);
  expect(output).toMatch(/Tests run: [1-9]\d+, Failures: 0, Errors: 0, Skipped: \d+\n/);
  expect(output).not.toContain('FAILURE');
});

// The ends of the others, five at a time, take long to start.
holdsAtEveryEnd(['java', '@adapter.args'], folder, absent, ['case-file-transfer', 'records-check', 'unit-state']);
