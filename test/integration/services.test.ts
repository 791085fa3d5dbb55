import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { busworthy, checkout, TemporaryFolder } from '../cli/busworthy.ts';

const fixtures = join(checkout, 'test/fixtures/contracts');
const services = ['air-support', 'body-cam', 'exhibit-log-9', 'lost-property'];

/** What says most of contracts that nobody has seen: messages of every kind, keys of few values, contents, limits. */
const scenarios = [
  'happy-flow',
  'invalid-sent',
  'invalid-injected',
  'rejected',
  'poison',
  'broken-bundles',
  'canaries',
];

describe('services that are folders alone, written without sight of the code', () => {
  test('are sound, with Windows line ends and a byte order mark too', async () => {
    await using folder = await TemporaryFolder.make();
    const copy = folder.file('contracts');
    await cp(fixtures, copy, { recursive: true });
    for (const name of services) {
      const file = join(copy, name, 'asyncapi.yaml');
      const text = await readFile(file, 'utf8');
      await writeFile(file, `\uFEFF${text.replaceAll('\n', '\r\n')}`);
    }
    const { code, stdout, stderr } = await busworthy(['contracts', 'check', '--contracts', copy]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const name of services) expect(stdout).toContain(`${name} 1.0.0: `);
  });

  test('run, hold, and are judged the same again without a bus', async () => {
    await using folder = await TemporaryFolder.make();
    const out = folder.file('out');
    const chosen = scenarios.join(',');
    const { code, stdout } = await busworthy([
      'run',
      '--contracts',
      fixtures,
      '--out',
      out,
      '--seed',
      '11',
      '--scenario',
      chosen,
    ]);
    expect(stdout).not.toMatch(/FAIL|inconclusive [A-Z]/);
    expect(code).toBe(0);
    const journal = join(out, 'latest', 'journal.bwj');
    const again = await busworthy(['judge', journal, '--deep']);
    expect([again.code, /^MUST of core: .*?;/m.exec(again.stdout)?.[0]]).toEqual([
      code,
      /^MUST of core: .*?;/m.exec(stdout)?.[0],
    ]);
  });
});
