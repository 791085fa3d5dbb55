import { cp, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busworthy, contracts, quick, TemporaryFolder } from './busworthy.ts';

/** A service that no code knows: documents, schemas and examples. */
const seventh = resolve(import.meta.dirname, 'fixtures/stop-and-search');

interface RunJson {
  readonly exitCode: number;
  readonly sentence: string;
  readonly header: { readonly services: readonly { readonly name: string }[]; readonly command: readonly string[] };
  readonly trials: readonly { readonly scenario: string; readonly flow: string }[];
}

describe('a folder of contracts', () => {
  it('with a seventh service is run in full, and holds, with no code for it', async () => {
    await using folder = await TemporaryFolder.make();
    await cp(contracts, folder.file('contracts'), { recursive: true });
    await cp(seventh, folder.file('contracts/stop-and-search'), { recursive: true });
    const given = ['--contracts', folder.file('contracts')];
    const check = await busworthy(['contracts', 'check', 'stop-and-search', ...given]);
    expect(check).toMatchObject({ code: 0, stderr: '' });
    const run = await busworthy([
      'run',
      'stop-and-search',
      ...given,
      '--seed',
      '7',
      '--json',
      '--out',
      folder.file('out'),
    ]);
    expect(run).toMatchObject({ code: 0 });
    const { sentence, header, trials } = JSON.parse(run.stdout) as RunJson;
    expect(sentence).toMatch(/^core holds/);
    expect(header.services.map(({ name }) => name)).toEqual(['stop-and-search']);
    expect(header.command.join(' ')).toContain(given.join(' '));
    expect(new Set(trials.map(({ flow }) => flow))).toEqual(
      new Set(['stop-and-search/searches', 'stop-and-search/reviews']),
    );
    expect(new Set(trials.map(({ scenario }) => scenario)).size).toBeGreaterThan(12);
    const judged = await busworthy(['judge', folder.file('out/latest/journal.bwj'), '--deep', '--json']);
    expect(judged).toMatchObject({ code: 0, stdout: run.stdout });
  });

  it('with one service alone, and no catalogue of its own, is run by the catalogue of the product', async () => {
    await using folder = await TemporaryFolder.make();
    await cp(join(contracts, 'incident-lifecycle'), folder.file('contracts/incident-lifecycle'), { recursive: true });
    const run = await busworthy([
      'run',
      ...quick,
      '--contracts',
      folder.file('contracts'),
      '--out',
      folder.file('out'),
    ]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
  });

  it('from which all services but one were taken away is run', async () => {
    await using folder = await TemporaryFolder.make();
    await cp(contracts, folder.file('contracts'), { recursive: true });
    for (const entry of await readdir(folder.file('contracts'), { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'incident-lifecycle')
        await rm(folder.file('contracts', entry.name), { recursive: true });
    }
    const words = ['run', '--contracts', folder.file('contracts'), ...quick.slice(2)];
    const run = await busworthy([...words, '--json', '--out', folder.file('out')]);
    expect(run).toMatchObject({ code: 0 });
    expect((JSON.parse(run.stdout) as RunJson).header.services.map(({ name }) => name)).toEqual(['incident-lifecycle']);
  });

  it('with a broken service still runs the others by name, and not as a whole', async () => {
    await using folder = await TemporaryFolder.make();
    await cp(contracts, folder.file('contracts'), { recursive: true });
    await rm(folder.file('contracts/unit-state/schemas/headers.json'));
    const given = ['--contracts', folder.file('contracts'), '--out', folder.file('out')];
    expect(await busworthy(['run', ...quick, ...given])).toMatchObject({ code: 0, stderr: '' });
    const whole = await busworthy(['run', ...quick.slice(2), ...given]);
    expect(whole).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('unit-state/') as unknown });
  });
});
