import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { containerEngine } from '../../../harness/bus/runtime/container/engine.ts';
import { busworthy, checkout, leftBy, start, TemporaryFolder } from '../../cli/busworthy.ts';

const run = promisify(execFile);
const program = join(checkout, 'harness/adapters/reference/go');
const image = `localhost/busworthy-test-adapter:${String(process.pid)}`;

/** Why there is no image to test; undefined where there can be one. */
async function whyNot(): Promise<string | undefined> {
  const engine = await containerEngine().then(
    () => true,
    () => false,
  );
  if (!engine) return 'no container engine answers';
  const PATH = `${process.env['PATH'] ?? ''}${delimiter}/usr/local/go/bin`;
  env = { ...process.env, PATH, CGO_ENABLED: '0' };
  const built = await run('go', ['mod', 'download'], { cwd: program, env }).catch(() => undefined);
  return built === undefined ? 'there is no go to build the adapter with, or its modules cannot be fetched' : undefined;
}

let env: NodeJS.ProcessEnv = {};
const absent = await whyNot();

let folder: TemporaryFolder;
const files: string[] = [];
beforeAll(async () => {
  folder = await TemporaryFolder.make();
  await mkdir(folder.file('tmp'));
  if (absent !== undefined) return;
  // A static program, and nothing else in its image: no shell, no libraries, no folder for temporary files.
  await mkdir(folder.file('image'));
  await run('go', ['build', '-o', folder.file('image/adapter'), '.'], { cwd: program, env });
  await writeFile(folder.file('image/Dockerfile'), 'FROM scratch\nCOPY adapter /adapter\nENTRYPOINT ["/adapter"]\n');
  await (await containerEngine()).image.build(folder.file('image'), { t: image, dockerfile: 'Dockerfile' });
  for (const application of ['command-and-control', 'mobile']) {
    files.push(folder.file(`${application}.yaml`));
    await writeFile(files.at(-1) ?? '', JSON.stringify({ service: 'incident-lifecycle', application, image }));
  }
}, 300_000);
afterAll(async () => {
  if (absent === undefined) await (await containerEngine()).container.dockerode.getImage(image).remove({ force: true });
  await folder[Symbol.asyncDispose]();
});

async function containers(): Promise<readonly string[]> {
  const { dockerode } = (await containerEngine()).container;
  const all = await dockerode.listContainers({ all: true, filters: { ancestor: [image] } });
  return all.map(({ Id }) => Id);
}

const args = (): readonly string[] => [
  'run',
  ...files.flatMap((file) => ['--adapter', file]),
  '--out',
  folder.file('out'),
  '--seed',
  '4',
];

test('an adapter in an image is started, crashed, stopped and multiplied at both kinds of ends', async (context) => {
  context.skip(absent !== undefined, absent);
  const scenarios = ['happy-flow', 'crash', 'second-instance', 'restart-subscriber'];
  const { stdout } = await busworthy([...args(), '--scenario', scenarios.join(',')], {
    temporary: folder.file('tmp'),
  });
  expect(stdout).not.toMatch(/FAIL|inconclusive [A-Z]/);
  const { verdicts } = JSON.parse(await readFile(folder.file('out/latest/run.json'), 'utf8')) as {
    readonly verdicts: readonly { readonly clause: string; readonly trials: readonly string[] }[];
  };
  const decidedBy = verdicts.find(({ clause }) => clause === 'ORD-1')?.trials.map((trial) => trial.split('/').at(-1));
  expect(decidedBy?.toSorted()).toEqual(scenarios.toSorted());
  expect(await containers()).toEqual([]);
  expect(await leftBy(folder.file('tmp'))).toEqual([]);
}, 180_000);

test('nothing of an adapter in an image is left where the run is interrupted, or killed', async (context) => {
  context.skip(absent !== undefined, absent);
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    await using started = start(args(), { temporary: folder.file('tmp') });
    await expect.poll(async () => (await containers()).length, { timeout: 60_000 }).toBeGreaterThan(0);
    started.send(signal);
    await started.ended;
    await expect.poll(containers, { timeout: 30_000 }).toEqual([]);
  }
}, 180_000);
