import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PlantedTree, REPOSITORY } from './planted-tree.ts';

test('the search for what nothing uses finds a planted export, type, file and dependency, and leaves what is used', () => {
  using tree = new PlantedTree({
    'harness/cli/main.ts': `import { used } from '../model/used.ts';\nimport { Command } from 'commander';\nexport const main = [used, Command];\n`,
    'harness/model/used.ts': `export const used = 1;\nexport const unusedExport = 2;\nexport type UnusedType = 3;\nexport const inFile = 4;\nexport const both = inFile + 1;\n`,
    'harness/model/unused-file.ts': `export const a = 1;\n`,
  });
  const { stdout, status } = spawnSync(
    join(REPOSITORY, 'node_modules/.bin/knip'),
    ['--no-config-hints', '--no-progress'],
    {
      cwd: tree.root,
      encoding: 'utf8',
    },
  );
  expect(status).toBe(1);
  for (const planted of ['unusedExport', 'UnusedType', 'harness/model/unused-file.ts', '@nats-io/transport-node']) {
    expect(stdout).toContain(planted);
  }
  for (const lawful of ['commander', 'inFile', 'harness/cli/main.ts']) expect(stdout).not.toContain(lawful);
});
