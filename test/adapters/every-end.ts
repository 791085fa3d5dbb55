import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { loadService } from '../../harness/contracts/index.ts';
import { busworthy, contracts, TemporaryFolder } from '../cli/busworthy.ts';

/** Of each exchange pattern what says most of an adapter in a few seconds. */
const runs = {
  'incident-lifecycle': ['happy-flow', 'gap', 'restart-subscriber', 'conflicts', 'cut-off'],
  'case-file-transfer': ['happy-flow', 'broken-bundles'],
  'records-check': ['happy-flow', 'answer-kinds', 'no-responder', 'cut-off'],
  'unit-state': ['happy-flow', 'out-of-order', 'cut-off'],
  'anpr-hit': ['lost-acknowledgements'],
} as const;

/** How long an adapter may take to be healthy: all tests of a machine run at once. */
const startMs = 60_000;

/** Puts an adapter at every end of some services; skipped where `absent` says why it cannot be had. */
export function holdsAtEveryEnd(
  command: readonly string[],
  folder: string,
  absent: string | undefined,
  services: readonly string[] = Object.keys(runs),
): void {
  test.for(Object.entries(runs).filter(([name]) => services.includes(name)))(
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
        await writeFile(file, JSON.stringify({ service: name, application, command, cwd: folder, startMs }));
      }
      const adapters = files.flatMap(({ file }) => ['--adapter', file]);
      const chosen = ['--scenario', scenarios.join(','), '--out', temporary.file('out'), '--seed', '5'];
      const { stdout, stderr } = await busworthy(['run', name, ...adapters, ...chosen]);
      expect(`${stdout}${stderr}`).not.toMatch(/FAIL|inconclusive [A-Z]/);
      // So few scenarios leave some clauses untested; of all others none fails, and none is inconclusive.
      expect(`${stdout}${stderr}`).toMatch(/^MUST of core: [1-9]\d* pass(, \d+ not tested)?;/m);
    },
  );
}
