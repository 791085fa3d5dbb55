import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, type ExpectStatic } from 'vitest';

import { checkout, leftBy, start, TemporaryFolder, type Ended } from './busworthy.ts';

const fixture = join(checkout, 'test/cli/fixtures/hostile-adapter.mjs');

interface Checked extends Ended {
  /** Largest memory of the program when an event had gone, or not gone, to the bus; in MiB. */
  readonly memoryMiB: number;
}

/** Checks a hostile adapter; nothing of it is left afterwards. */
async function check(expect: ExpectStatic, how: string): Promise<Checked> {
  await using folder = await TemporaryFolder.make();
  await mkdir(folder.file('tmp'));
  const file = folder.file('adapter.yaml');
  const command = JSON.stringify([process.execPath, fixture, how]);
  const limits = 'startMs: 4000\nstopMs: 1000';
  await writeFile(file, `service: custody-task\napplication: forensic\n${limits}\ncommand: ${command}\n`);
  const args = ['adapter', 'check', file, '--seed', '5', '--out', folder.file('out')];
  await using started = start(args, { temporary: folder.file('tmp') });
  await started.until(/^(from the bus|.*was not healthy)/m).catch(() => undefined);
  const status = await readFile(`/proc/${String(started.child.pid)}/status`, 'utf8').catch(() => '');
  const ended = await started.ended;
  const left = async (): Promise<readonly string[]> =>
    (await leftBy(folder.file('tmp'))).filter((name) => name !== 'node-compile-cache');
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  return { ...ended, memoryMiB: Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0) / 1024 };
}

describe.concurrent('adapter check of an adapter that', { timeout: 180_000 }, () => {
  it.for<readonly [string, string, RegExp]>([
    ['dies at an event', 'dies', /^failed +the adapter ended with exit code 7, and nobody had asked it to$/m],
    ['hangs', 'hangs', /^to the bus +TaskCompleted: no answer within 5000 ms$/m],
    ['answers nonsense', 'answers-nonsense', /^to the bus +TaskCompleted: the answer is no HTTP/m],
    ['redirects', 'redirects', /^to the bus +TaskCompleted: 307, which the port does not have$/m],
    ['sends a gigabyte', 'answers-a-gigabyte', /^to the bus +TaskCompleted: 200 with a body of more than \d+ bytes$/m],
  ])('%s says so, and stops there', async ([, how, says], { expect }) => {
    const { code, stdout, stderr, memoryMiB } = await check(expect, how);
    // It says that it is ready, and reads nothing of what waits for it.
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(says);
    expect(stdout).toMatch(/^connection +it has opened no connection to BUS_URL$/m);
    expect(stdout).toMatch(/^from the bus +nothing was handed over; \d+ messages wait on the bus for it$/m);
    expect(stdout).toMatch(/^Nothing that its application sends gets through the adapter: mend that first/m);
    expect(stdout).toMatch(/^Nothing that waits on the bus gets through the adapter: mend that first/m);
    expect(memoryMiB).toBeLessThan(600);
  });

  it('takes events and stores none of them, and ignores SIGTERM, fails LIF-1 and DEL-1', async ({ expect }) => {
    const { code, stdout } = await check(expect, 'ignores-sigterm');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\d+\. LIF-1 on custody-task\/tasks/m);
    expect(stdout).toMatch(/^ +observed +it did not end within 1000 ms of SIGTERM$/m);
    expect(stdout).toMatch(/^\d+\. DEL-1 on custody-task\/completions/m);
  });

  it('writes to its log without end is no pass, within bounded memory', async ({ expect }) => {
    const { code, stdout, memoryMiB } = await check(expect, 'writes-without-end');
    // What it said that it had stored is not there, where the trial was whole enough to tell.
    expect([1, 2]).toContain(code);
    expect(stdout).toMatch(/^failed +the adapter wrote more than \d+ bytes of log: \d+ were not looked at$/m);
    expect(memoryMiB).toBeLessThan(600);
  });

  it('floods its application fails, and stops there, within bounded memory', async ({ expect }) => {
    const { code, stdout, memoryMiB } = await check(expect, 'floods');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^from the bus +nothing was handed over; \d+ messages wait on the bus for it$/m);
    expect(stdout).toMatch(/^\d+\. SCH-2 on custody-task\/tasks/m);
    expect(stdout).toMatch(/^The other trials were not performed\.$/m);
    expect(memoryMiB).toBeLessThan(600);
  });

  it('answers a look at its health with nonsense says so, with code 4', async ({ expect }) => {
    const { code, stderr } = await check(expect, 'health-is-nonsense');
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /was not healthy within 4000 ms: GET \/health: the answer is no HTTP \(HPE_\w+\), and it has opened no connection to BUS_URL\n {2}next: /,
    );
  });

  it('logs in to the bus with other credentials is told what the bus said to it, with code 4', async ({ expect }) => {
    const { code, stderr } = await check(expect, 'other-credentials');
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /was not healthy within 4000 ms: GET \/health answered 503, and the bus said to it: 'Authorization Violation'\n {2}next: /,
    );
  });
});
