import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

import { checkout } from '../cli/busworthy.ts';
import { holdsAtEveryEnd } from './every-end.ts';

const folder = join(checkout, 'harness/adapters/reference/typescript-standalone');

test('its own tests pass', { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--test'], { cwd: folder });
  expect(stdout).toMatch(/^# pass [1-9]\d*$|^ℹ pass [1-9]\d*$/m);
});

holdsAtEveryEnd([process.execPath, 'main.js'], folder, undefined);
