import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { AdapterFile } from '../../../harness/adapters/launch/adapter-file.ts';
import type { LaunchOptions } from '../../../harness/adapters/launch/launched-adapters.ts';
import { Launcher } from '../../../harness/adapters/launch/launcher.ts';
import { outputBytes } from '../../../harness/adapters/launch/output.ts';
import { loadService } from '../../../harness/contracts/index.ts';
import { leftRunning } from '../../../harness/model/ending.ts';
import { Problem } from '../../../harness/model/errors.ts';

const service = await loadService(join(import.meta.dirname, '../../../contracts/incident-lifecycle'));
const application = service.applications[0]?.name ?? '';
const fixture = join(import.meta.dirname, 'fixtures/adapter.mjs');
/** Found again in the command line of all that a test starts. */
const mark = `busworthy-test-${String(process.pid)}`;

const adapter = (how: string, changes: Partial<AdapterFile> = {}): AdapterFile => ({
  file: 'adapter.yaml',
  digest: '',
  service: service.name,
  application,
  start: { by: 'command', command: [process.execPath, fixture, how, '', mark], cwd: import.meta.dirname },
  environment: { MARK: mark },
  startMs: 10_000,
  stopMs: 5_000,
  ...changes,
});

let lines: string[];
let troubles: string[];
const stopping = { controller: new AbortController() };
beforeEach(() => {
  lines = [];
  troubles = [];
  stopping.controller = new AbortController();
});
afterEach(expectNothingLeft);

async function expectNothingLeft(): Promise<void> {
  expect(await left()).toEqual([]);
}

const options = (): LaunchOptions => ({
  access: () =>
    Promise.resolve({
      url: 'nats://127.0.0.1:1',
      credentialsFile: () => Promise.resolve('/nowhere/bus.creds'),
      inboxPrefix: (user) => `_INBOX_${user}`,
    }),
  first: [{ application, instance: 0 }],
  log: (line) => lines.push(line),
  problem: (where, cause) => troubles.push(`${where}: ${String(cause)}`),
  signal: stopping.controller.signal,
});

/** Processes with the mark in their command line or their environment. */
async function left(): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['eww', '-A', '-o', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(mark) && !line.includes(' ps ') && !line.includes('vitest'));
}

/** Launches one adapter, lets a trial take it, and gives what was said of it until it was over. */
async function life(
  file: AdapterFile,
  during: (endpoint: { stop(): Promise<string>; crash(): Promise<void> }, failed: readonly string[]) => Promise<void>,
  launching = options(),
): Promise<readonly string[]> {
  await using launcher = new Launcher([file]);
  await using launched = await launcher.over(service, '/nowhere/asyncapi.yaml')(launching);
  const failed: string[] = [];
  const start = launched.over(() => Promise.reject(new Error('the harness played it')));
  const behind = {
    deliver: () => Promise.resolve({ status: 200 }),
    content: () => Promise.resolve({ status: 404 }),
    stage: () => Promise.resolve({ status: 204 }),
  };
  const endpoint = await start({
    application,
    instance: 0,
    behind,
    log: () => undefined,
    failed: (reason, over) => failed.push(over ? `over: ${reason}` : reason),
  });
  await during(endpoint, failed);
  return failed;
}

const stop = async (endpoint: { stop(): Promise<string> }): Promise<void> => expect(await endpoint.stop()).toBe('');

async function refused(file: AdapterFile): Promise<Problem> {
  const error = await life(file, stop).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof Problem)) throw new Error('no problem', { cause: error });
  return error;
}

describe('an adapter that is launched', () => {
  it('has the environment of the application port, and what adapter.yaml adds', async () => {
    const failed = await life(adapter('environment', { environment: { MARK: mark, LISTEN_PORT: '1' } }), stop);
    expect(failed).toEqual([]);
    const given = JSON.parse(lines[0] ?? '') as Record<string, string>;
    expect(given).toMatchObject({
      CONTRACT: '/nowhere/asyncapi.yaml',
      SERVICE: service.name,
      APPLICATION: application,
      ROLE: service.applications[0]?.role,
      BUS_URL: 'nats://127.0.0.1:1',
      BUS_CREDENTIALS: '/nowhere/bus.creds',
      INBOX_PREFIX: `_INBOX_${application}`,
      APPLICATION_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as unknown,
      LISTEN_PORT: expect.stringMatching(/^\d{5}$/) as unknown,
      PATH: process.env['PATH'],
      MARK: mark,
    });
    expect(Object.keys(given)).not.toContain('VITEST');
  });

  it('finds its application behind APPLICATION_URL from its first moment, where it starts in the middle of a trial', async () => {
    expect(await life(adapter('hands-over-first'), stop, { ...options(), first: [] })).toEqual([]);
    expect(lines).toContain('answered 200');
  });

  it('ends on SIGTERM without a word', async () => {
    expect(await life(adapter('healthy'), stop)).toEqual([]);
  });

  it('is killed by a crash, with nothing to say against it', async () => {
    expect(await life(adapter('ignores-sigterm'), (endpoint) => endpoint.crash())).toEqual([]);
  });

  it('takes what it has started with it', async () => {
    expect(await life(adapter('has-children'), stop)).toEqual([]);
  });

  it('is killed at once where the run is interrupted', async () => {
    const failed = await life(adapter('ignores-sigterm', { stopMs: 60_000 }), async (endpoint) => {
      const stopped = endpoint.stop();
      stopping.controller.abort();
      await stopped;
    });
    expect(failed).toEqual([]);
  });
});

describe('an adapter that does not come up is one error that names it, and nothing is left of it', () => {
  it('when it ends: with its exit code and what it wrote', async () => {
    const problem = await refused(adapter('dies'));
    expect(problem.message).toBe(`the adapter of ${application} ended with exit code 3 before it was healthy`);
    expect(problem.next).toContain('no licence found');
    expect(problem.exitCode).toBe(4);
  });

  it('when it is never healthy: with what it answered', async () => {
    const { message } = await refused(adapter('never-healthy', { startMs: 1500 }));
    expect(message).toBe(`the adapter of ${application} was not healthy within 1500 ms: GET /health answered 503`);
  });

  it('when it does not listen', async () => {
    const { message } = await refused(adapter('silent', { startMs: 500 }));
    expect(message).toBe(
      `the adapter of ${application} was not healthy within 500 ms: GET /health: the adapter takes no connections`,
    );
  });

  it('when its program has gone since it was looked for', async () => {
    const start = { by: 'command' as const, command: ['./gone'], cwd: import.meta.dirname };
    const { message } = await refused(adapter('', { start }));
    expect(message).toBe(`the adapter of ${application} could not be started (ENOENT) before it was healthy`);
  });

  it('when the port for its application is taken', async () => {
    const { createServer } = await import('node:net');
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as { port: number };
    try {
      const start = { by: 'url' as const, url: 'http://127.0.0.1:1', applicationPort: port };
      expect((await refused(adapter('', { start }))).message).toBe(`port ${String(port)} is taken`);
    } finally {
      other.close();
    }
  });
});

describe('what is wrong with an adapter in a trial is said', () => {
  it('when it ignores SIGTERM: it is killed', async () => {
    await life(adapter('ignores-sigterm', { stopMs: 300 }), async (endpoint) =>
      expect(await endpoint.stop()).toBe('did not end within 300 ms of SIGTERM'),
    );
  });

  it('when SIGTERM ends it with another code than 0', async () => {
    await life(adapter('exits-badly'), async (endpoint) =>
      expect(await endpoint.stop()).toBe('ended with exit code 7, not with 0'),
    );
  });

  it('when it dies though nobody asked it to', async () => {
    const failed = await life(adapter('dies-later'), async (endpoint, said) => {
      const [line = ''] = await left();
      process.kill(Number(line.trim().split(' ')[0]), 'SIGUSR2');
      await expect.poll(() => said.length, { timeout: 10_000, interval: 5 }).toBe(1);
      expect(await endpoint.stop()).toBe(leftRunning);
    });
    expect(failed).toEqual(['over: the adapter ended with exit code 9, and nobody had asked it to']);
  });

  it('when it writes without end: the rest is counted, and it is never held up', async () => {
    const failed = await life(adapter('flood'), async (endpoint) => {
      await expect
        .poll(() => lines.reduce((sum, line) => sum + line.length + 1, 0), { timeout: 20_000, interval: 5 })
        .toBeGreaterThan(outputBytes - 10_000);
      await new Promise((resolve) => setImmediate(resolve));
      await endpoint.stop();
    });
    const kept = lines.reduce((sum, line) => sum + line.length, 0);
    expect(kept).toBeLessThanOrEqual(outputBytes);
    expect(failed.at(-1)).toMatch(/^the adapter wrote more than 4194304 bytes of log: \d+ were not looked at$/);
  });
});
