import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { busworthy, checkout, leftBy, start, TemporaryFolder, troubled } from './busworthy.ts';

const fixture = join(checkout, 'test/adapters/launch/fixtures/adapter.mjs');
const reference = join(checkout, 'harness/adapters/reference/typescript/main.ts');
const happy = ['--scenario', 'happy-flow', '--seed', '3'];

let folder: TemporaryFolder;
let how: { readonly temporary: string };
beforeEach(async () => {
  folder = await TemporaryFolder.make();
  await mkdir(folder.file('tmp'));
  how = { temporary: folder.file('tmp') };
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Writes an adapter.yaml: of the incidents' provider unless told otherwise. */
async function adapter(
  rest: string,
  head = 'service: incident-lifecycle\napplication: command-and-control\n',
): Promise<string> {
  const file = folder.file('adapter.yaml');
  await writeFile(file, `${head}${rest}`);
  return file;
}

const program = (way: string): string =>
  `command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(fixture)}, ${way}]\n`;

const run = (...args: readonly string[]): ReturnType<typeof busworthy> =>
  busworthy(['run', ...args, '--out', folder.file('out')], how);

interface Document {
  readonly exitCode: number;
  readonly header: {
    readonly command: readonly string[];
    readonly environment: { readonly adapters?: readonly object[] };
    readonly leftOut?: readonly object[];
  };
  readonly trials: readonly { readonly flow: string }[];
  readonly verdicts: readonly { readonly verdict: string; readonly reason: string }[];
}

const document = async (): Promise<Document> =>
  JSON.parse(await readFile(folder.file('out/latest/run.json'), 'utf8')) as Document;

/** Node's compile cache, which the reference adapter shares with all others, apart. */
const left = async (): Promise<readonly string[]> =>
  (await leftBy(how.temporary)).filter((name) => name !== 'node-compile-cache');

const nothingLeft = async (): Promise<void> => {
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
};

describe('run --adapter', () => {
  it('puts the adapter at its end, and says so in the report and in the command that does it again', async () => {
    const file = await adapter(`command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(reference)}]\n`);
    const ended = await run('--adapter', file, ...happy);
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/starting adapters: command-and-control/) as unknown,
    });
    const { header, trials } = await document();
    expect(new Set(trials.map(({ flow }) => flow.split('/')[0]))).toEqual(new Set(['incident-lifecycle']));
    expect(header.environment.adapters).toEqual([
      expect.objectContaining({
        application: 'command-and-control',
        file,
        digest: expect.stringMatching(/^[\da-f]{64}$/) as unknown,
      }),
    ]);
    expect(header.command.join(' ')).toContain(`--adapter ${file}`);
    await nothingLeft();
  });

  it('of an adapter that allows one instance does not perform what asks for two, and says why', async () => {
    const file = await adapter(`${program('healthy')}instances: 1\n`);
    const ended = await run('--adapter', file, '--scenario', 'second-instance', '--seed', '3');
    expect(ended.code).toBe(2);
    const { header, trials, verdicts } = await document();
    expect(trials).toEqual([]);
    const reason = expect.stringMatching(/^the adapter of command-and-control has at most one instance/) as unknown;
    expect(header.leftOut).toEqual([expect.objectContaining({ scenario: 'second-instance', reason })]);
    expect(verdicts).toContainEqual(expect.objectContaining({ clause: 'ORD-1', verdict: 'not-tested', reason }));
    await nothingLeft();
  });

  it('without a relay performs nothing that rests on one, and says of what only a relay sees why it is not tested', async () => {
    const chosen = ['--flow', 'custody-task/tasks', '--scenario', 'happy-flow,lost-acknowledgements', '--no-relay'];
    const ended = await run('custody-task', ...chosen, '--seed', '3');
    expect(ended.code).toBe(2);
    const { header, trials, verdicts } = await document();
    expect(trials).toEqual([expect.objectContaining({ id: 'custody-task/tasks/happy-flow' }) as unknown]);
    const reason = 'no relay (--no-relay): the connections of adapters are neither cut nor delayed';
    expect(header.leftOut).toEqual([expect.objectContaining({ scenario: 'lost-acknowledgements', reason })]);
    expect(header.command).toContain('--no-relay');
    expect(verdicts).toContainEqual(expect.objectContaining({ clause: 'DEL-2', verdict: 'not-tested', reason }));
  });

  it('ends every adapter where it is interrupted', async () => {
    const file = await adapter(program('healthy'));
    await using started = start(['run', '--adapter', file, '--out', folder.file('out')], how);
    await started.until(/^starting adapters/m);
    started.send('SIGINT');
    expect(await started.ended).toMatchObject({ code: 130 });
    await nothingLeft();
  });

  it('leaves nothing of an adapter where it is killed itself', async () => {
    const file = await adapter(program('never-healthy'));
    await using started = start(['run', '--adapter', file, '--out', folder.file('out')], how);
    await started.until(/^starting adapters/m);
    await expect.poll(async () => (await leftBy(how.temporary)).join('\n'), { timeout: 60_000 }).toContain(fixture);
    started.send('SIGKILL');
    await started.ended;
    await expect
      .poll(async () => (await leftBy(how.temporary)).filter((line) => line.includes('adapter.mjs')), {
        timeout: 20_000,
      })
      .toEqual([]);
  });
});

describe('an adapter that cannot be run is one error', () => {
  it.each([
    ['a key with a typo', 'comand: sh\n', /adapter\.yaml:3.*no comand; did you mean command\?/s],
    ['no way to it', '', /names no command, url or image/],
    ['a program that is not there', 'command: ./gone\n', /adapter\.yaml:3.*there is no program ".\/gone"/s],
    [
      'a URL and a bus that is started here',
      'url: http://127.0.0.1:1\napplicationPort: 2\n',
      /given by url: it cannot be told of a bus/,
    ],
  ])('when it has %s: exit code 3', async (_, rest, says) => {
    const ended = await run('--adapter', await adapter(rest), ...happy);
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(says) as unknown });
    expect(ended.stderr).not.toMatch(/^ +at .*:\d+/m);
  });

  it('when there is no such service: with the nearest, and exit code 3', async () => {
    const file = await adapter(program('healthy'), 'service: incident-lifecycel\napplication: x\n');
    expect(await run('--adapter', file, ...happy)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(
        /adapter\.yaml:1.*no service "incident-lifecycel"; did you mean incident-lifecycle\?/s,
      ) as unknown,
    });
  });

  it('when it stands at an end at which another stands already: exit code 3', async () => {
    const file = await adapter(program('healthy'));
    expect(await run('--adapter', file, '--adapter', file, ...happy)).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/are both adapters of command-and-control/) as unknown,
    });
  });

  it('when it dies at its start: with what it wrote, exit code 4, and nothing left', async () => {
    const ended = await run('--adapter', await adapter(program('dies')), ...happy);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toMatch(/the adapter of command-and-control ended with exit code 3 before it was healthy/);
    expect(ended.stderr).toMatch(/no licence found/);
    await nothingLeft();
  });

  it('when it is never healthy: exit code 4, and nothing left', async () => {
    const ended = await run('--adapter', await adapter(`${program('never-healthy')}startMs: 1000\n`), ...happy);
    expect(ended).toMatchObject(troubled(/was not healthy within 1000 ms: GET \/health answered 503/));
    await nothingLeft();
  });
});
