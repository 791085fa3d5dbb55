import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { busworthy, leftBy, quick, start, TemporaryFolder, type Started } from './busworthy.ts';

/** Trials enough to be in the midst of them when the first has ended. */
const several = [
  'run',
  'custody-task',
  '--scenario',
  'happy-flow,retried,exhausted,crash',
  '--seed',
  '5',
  '--width',
  '2',
];

let folder: TemporaryFolder;
let how: { readonly temporary: string };
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  await mkdir(folder.file('tmp'));
  how = { temporary: folder.file('tmp') };
});
afterEach(() => folder[Symbol.asyncDispose]());

const run = (...options: readonly string[]): Started =>
  start([...several, '--out', folder.file('a/out'), ...options], how);

/** No process, no temporary folder, no folder of a run, and none that was made for it. */
async function expectNothingLeft(): Promise<void> {
  await expect.poll(() => leftBy(how.temporary), { timeout: 20_000 }).toEqual([]);
  expect(await folder.list()).toEqual(['tmp']);
}

/** How an interrupted command ends. */
const interrupted = (): object => ({
  code: 130,
  stdout: expect.not.stringMatching(/Reports|holds|caught by the clause/) as unknown,
  stderr: expect.stringMatching(/^\nending: cleaning up \(again to end at once\)\n$/) as unknown,
});

/** Resolves once the run's folder is there: the documents have been read, the bus is being set up. */
async function untilSetUp(): Promise<void> {
  const entries = (): Promise<readonly string[]> => readdir(folder.file('a/out')).catch(() => []);
  await expect.poll(entries, { timeout: 60_000, interval: 2 }).toContainEqual(expect.stringMatching(/\.partial$/));
}

describe('Ctrl-C', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '(%s) in the midst of the trials ends a run with 130, and leaves nothing',
    async (signal) => {
      await using started = run();
      await started.until(/^\[1\/8\]/m);
      started.send(signal);
      expect(await started.ended).toMatchObject(interrupted());
      await expectNothingLeft();
    },
  );

  it('in a terminal, which sends it to every process of the run, does the same', async () => {
    await using started = run();
    await started.until(/^\[1\/8\]/m);
    process.kill(-(started.child.pid ?? 0), 'SIGINT');
    expect(await started.ended).toMatchObject(interrupted());
    await expectNothingLeft();
  });

  it('while the bus is being set up ends a run with 130, and leaves nothing', async () => {
    await using started = run();
    await untilSetUp();
    started.send('SIGINT');
    expect(await started.ended).toMatchObject(interrupted());
    await expectNothingLeft();
  });

  it('while a server takes its time to start ends a run with 130 once it has, and leaves nothing', async () => {
    await mkdir(folder.file('bin'));
    const [server, begun] = [folder.file('bin/nats-server'), folder.file('bin/begun')];
    const slow = `[ "$1" = -v ] || { : > '${begun}'; sleep 1; }`;
    await writeFile(server, `#!/bin/sh\n${slow}\nexec '${inject('serverBinary') ?? ''}' "$@"\n`);
    await chmod(server, 0o755);
    await using started = run('--nats-server', server);
    await expect.poll(() => folder.list('bin'), { timeout: 60_000, interval: 5 }).toContain('begun');
    started.send('SIGINT');
    expect((await started.ended).code).toBe(130);
    await expect.poll(() => leftBy(how.temporary), { timeout: 20_000 }).toEqual([]);
    expect(await folder.list()).toEqual(['bin', 'tmp']);
  });

  it('while documents are read, or before, leaves nothing', async () => {
    await using started = run();
    started.send('SIGINT');
    const { code, signal } = await started.ended;
    // A shell says 130 for either.
    expect(code ?? signal).toBeOneOf([130, 'SIGINT']);
    await expectNothingLeft();
  });

  it('while judging and reporting leaves nothing, or the whole', async () => {
    await using started = start(['run', ...quick, '--out', folder.file('a/out')], how);
    await started.until(/^\[1\/1\]/m);
    // The bus goes first, then the journal is judged.
    await expect.poll(() => readdir(how.temporary), { timeout: 60_000, interval: 1 }).toEqual([]);
    started.send('SIGINT');
    const { code } = await started.ended;
    await expect.poll(() => leftBy(how.temporary)).toEqual([]);
    if (code === 130) {
      await expectNothingLeft();
      return;
    }
    expect(code).toBe(0);
    expect(await folder.list('a/out/latest')).toEqual([
      'contracts',
      'index.html',
      'journal.bwj',
      'junit.xml',
      'run.json',
      'summary.md',
    ]);
  });

  it('twice ends a run at once, with 130, and leaves nothing', async () => {
    await using started = run();
    await started.until(/^\[1\/8\]/m);
    started.send('SIGINT');
    await started.until(/ending: cleaning up/);
    started.send('SIGINT');
    const { code } = await started.ended;
    expect(code).toBe(130);
    await expectNothingLeft();
  });

  it('leaves alone what was in the output folder before', async () => {
    await mkdir(folder.file('a/out/earlier'), { recursive: true });
    await using started = run();
    await started.until(/^\[1\/8\]/m);
    started.send('SIGINT');
    expect((await started.ended).code).toBe(130);
    expect(await folder.list('a/out')).toEqual(['earlier']);
  });

  it('ends a calibration with 130, and leaves nothing', async () => {
    await using started = start(['calibrate', '--width', '2'], how);
    await started.until(/^(caught|green)/m);
    started.send('SIGINT');
    expect(await started.ended).toMatchObject(interrupted());
    await expectNothingLeft();
  });

  it('ends a bus that is up with 0, and leaves nothing', async () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      await using started = start(['bus', 'up', 'unit-state'], how);
      await started.until(/Ctrl-C ends it\.\n/);
      started.send(signal);
      expect((await started.ended).code).toBe(0);
      await expectNothingLeft();
    }
  });

  it('before a bus is up ends it with 130, and leaves nothing', async () => {
    await using started = start(['bus', 'up', 'unit-state'], how);
    await expect.poll(() => readdir(how.temporary), { timeout: 60_000, interval: 1 }).not.toEqual([]);
    started.send('SIGTERM');
    // Where it came up in that moment, this was its good end.
    expect((await started.ended).code).toBeOneOf([130, 0]);
    await expectNothingLeft();
  });
});

describe('a harness that is killed', () => {
  it('takes its server along, and leaves a journal that is judged as far as it goes, never green', async () => {
    await using started = run();
    await started.until(/^\[1\/8\]/m);
    started.send('SIGKILL');
    expect((await started.ended).signal).toBe('SIGKILL');
    await expect.poll(() => leftBy(how.temporary), { timeout: 20_000 }).toEqual([]);
    const [partial = '', ...rest] = await folder.list('a/out');
    expect({ partial, rest }).toEqual({ partial: expect.stringMatching(/^\..*\.partial$/) as unknown, rest: [] });
    const judged = await busworthy(['judge', folder.file('a/out', partial, 'journal.bwj'), '--json']);
    expect(judged).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/journal (ends before its run does|is whole up to byte \d+ only)/) as unknown,
    });
    const { trials } = JSON.parse(judged.stdout) as { trials: readonly { readonly complete: boolean }[] };
    expect(trials.some(({ complete }) => complete)).toBe(true);
  });

  it('a moment after its bus was started takes that along', async () => {
    await using started = run();
    await untilSetUp();
    await expect.poll(() => readdir(how.temporary), { timeout: 60_000, interval: 1 }).not.toEqual([]);
    started.send('SIGKILL');
    await started.ended;
    await expect.poll(() => leftBy(how.temporary), { timeout: 20_000 }).toEqual([]);
  });
});
