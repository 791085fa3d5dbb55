import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { busworthy, quick, shellCommand, Started, TemporaryFolder } from './busworthy.ts';

const escape = '\u001B';

/** What a program writes to a terminal of so many columns. */
async function onTerminal(args: readonly string[], columns: number, env: Readonly<Record<string, string>> = {}) {
  const command = `stty cols ${String(columns)}; ${shellCommand(args)}`;
  await using started = new Started(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
    env: { TERM: 'xterm', SHELL: '/bin/sh', ...env },
  });
  return await started.ended;
}

describe('standard output', () => {
  it.each([
    { what: 'explain of all clauses', args: ['explain', '--json'] },
    { what: 'explain of a clause', args: ['explain', 'dlq-4', '--json'] },
    { what: 'the list of defects', args: ['calibrate', '--list', '--json'] },
    { what: 'a check of contracts', args: ['contracts', 'check', 'unit-state', '--json'] },
  ])('is JSON and nothing else with --json: $what', async ({ args }) => {
    const { code, stdout, stderr } = await busworthy(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(typeof JSON.parse(stdout)).toBe('object');
  });

  it('is JSON and nothing else where a run or a calibration tells its progress', async () => {
    await using folder = await TemporaryFolder.make();
    const run = await busworthy(['run', ...quick, '--json', '--out', folder.file('out')]);
    expect(run).toMatchObject({ code: 0, stderr: expect.stringMatching(/^bus: nats-server .*\n\[1\/1\] /) as unknown });
    expect(JSON.parse(run.stdout)).toMatchObject({ answer: 'holds', exitCode: 0 });
    const defect = bank[0]?.name ?? '';
    const calibration = await busworthy(['calibrate', defect, '--json']);
    expect(calibration).toMatchObject({ code: 0, stderr: expect.stringMatching(/^bus: nats-server /) as unknown });
    expect(JSON.parse(calibration.stdout)).toMatchObject([
      { result: 'caught', defect: { name: defect } },
      { result: 'green' },
    ]);
  });

  it('of a calibration is in the order of the bank, and healthy runs after it, whichever trial ended first', async () => {
    const [slow, quick] = ['no-back-off', 'adds-attribute'];
    const { code, stdout } = await busworthy(['calibrate', quick, slow, '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { readonly name: string }[]).map(({ name }) => name)).toEqual([
      slow,
      quick,
      'custody-task/tasks/retried',
      'anpr-hit/hits/happy-flow',
    ]);
  });

  it('is of every name that an option was given, at once or again', async () => {
    await using folder = await TemporaryFolder.make();
    const again = ['--flow', 'custody-task/tasks', '--scenario', 'canaries', '--scenario', 'happy-flow'];
    const { stdout } = await busworthy(['run', ...again, '--out', folder.file('out')]);
    expect(stdout).toContain('[2/2] custody-task/tasks/');
  });

  it('has plain lines and no colour where it is no terminal', async () => {
    await using folder = await TemporaryFolder.make();
    const { stdout, stderr } = await busworthy(['run', ...quick, '--out', folder.file('out')], {
      env: { FORCE_COLOR: '1' },
    });
    expect(stderr).toBe('');
    expect(stdout).not.toContain(escape);
    expect(stdout).not.toContain('\r');
    expect(stdout).toMatch(/^\[1\/1\] incident-lifecycle\/incidents\/happy-flow {2}ok {2}\d+\.\d s$/m);
  });

  it('may be closed early by its reader, which changes no exit code', async () => {
    await using folder = await TemporaryFolder.make();
    const command = `{ ${shellCommand(['run', ...quick, '--out', folder.file('out')])}; echo "code $?" >&2; } | true`;
    await using started = new Started(['/bin/sh', '-c', command]);
    expect((await started.ended).stderr).toBe('code 0\n');
    await using list = new Started(['/bin/sh', '-c', `{ ${shellCommand(['explain'])}; echo "code $?" >&2; } | true`]);
    expect((await list.ended).stderr).toBe('code 0\n');
  });

  it('that cannot be written is trouble of the environment', async () => {
    await using full = await open('/dev/full', 'w').catch(() => undefined);
    expect(full).toBeDefined();
    await using started = new Started(['/bin/sh', '-c', `${shellCommand(['explain', '--json'])} >/dev/full`]);
    expect(await started.ended).toMatchObject({ code: 4, stderr: expect.stringContaining('ENOSPC') as unknown });
  });
});

describe('on a terminal', () => {
  it('progress is one line that changes, and goes away', async () => {
    await using folder = await TemporaryFolder.make();
    const { code, stdout } = await onTerminal(['run', ...quick, '--out', folder.file('out')], 70);
    expect(code).toBe(0);
    const live = `\r${escape}[K`;
    expect(stdout).toContain(`${live}[0/1] running${live}[1/1] incident-lifecycle/incidents/happy-flow  ok`);
    const after = stdout.slice(stdout.lastIndexOf(live) + live.length);
    expect(after).not.toContain('[1/1]');
    expect(after).toMatch(/^\S.*\r\n/);
    expect(after).toContain(`${escape}[32m`);
  });

  it('NO_COLOR leaves colour out, unless it is empty', async () => {
    await using folder = await TemporaryFolder.make();
    const run = await busworthy(['run', ...quick, '--out', folder.path]);
    expect(run.code).toBe(0);
    const judge = ['judge', folder.file('latest/journal.bwj')];
    expect((await onTerminal(judge, 100, { NO_COLOR: '1' })).stdout).not.toContain(escape);
    expect((await onTerminal(judge, 100, { TERM: 'dumb' })).stdout).not.toContain(escape);
    expect((await onTerminal(judge, 100, { NO_COLOR: '' })).stdout).toContain(`${escape}[32m`);
  });

  it('an explanation is as wide as the terminal', async () => {
    for (const columns of [60, 132]) {
      const { stdout } = await onTerminal(['explain', 'DLQ-4'], columns);
      const lines = stdout.split(/\r?\n/);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(columns - 20);
    }
  });

  it('the list of clauses hangs under its first column', async () => {
    const { stdout } = await onTerminal(['explain'], 72);
    const lines = stdout.trimEnd().split(/\r?\n/);
    expect(lines.filter((line) => line.length > 72)).toEqual([]);
    expect(lines.filter((line) => !/^([A-Z]{3}-\d+ +(MUST|SHOULD|MAY) +\S| {14}\S)/.test(line))).toEqual([]);
  });
});
