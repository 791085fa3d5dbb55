import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  adapterOf,
  readAdapterFile,
  serviceOf,
  type AdapterFile,
} from '../../../harness/adapters/launch/adapter-file.ts';
import { wordsOf } from '../../../harness/adapters/launch/command.ts';
import { loadService } from '../../../harness/contracts/index.ts';
import { formatPlace, Problem, Problems } from '../../../harness/model/errors.ts';

const service = await loadService(join(import.meta.dirname, '../../../contracts/incident-lifecycle'));
const [first] = service.applications;
const application = first?.name ?? '';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'busworthy-adapter-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(text: string): Promise<AdapterFile> {
  const path = join(folder, 'adapter.yaml');
  await writeFile(path, text);
  const given = await readAdapterFile(path);
  serviceOf(given, ['custody-task', service.name]);
  return adapterOf(given, service);
}

/** `line: what` of every problem, and that each says what to do next. */
async function mistakes(text: string): Promise<readonly string[]> {
  const error = await read(text).then(
    () => new Error('it was taken'),
    (cause: unknown) => cause,
  );
  const problems = error instanceof Problems ? error.problems : error instanceof Problem ? [error] : [];
  if (problems.length === 0) throw error;
  return problems.map(({ place, message, next, exitCode }) => {
    expect(next).not.toBe('');
    expect(exitCode).toBe(3);
    expect(place === undefined ? '' : formatPlace(place)).toContain(join(folder, 'adapter.yaml:'));
    return `${String(place?.line)}: ${message}`;
  });
}

const head = `service: ${service.name}\napplication: ${application}\n`;

describe('adapter.yaml', () => {
  it('with a command as a text or as a list is the same adapter', async () => {
    const text = await read(`${head}command: "sh -c 'exit 0'"\n`);
    const list = await read(`${head}command: [sh, -c, exit 0]\n`);
    expect(text.start).toEqual({ by: 'command', command: ['sh', '-c', 'exit 0'], cwd: folder });
    expect(list.start).toEqual(text.start);
    expect(text).toMatchObject({ startMs: 15_000, stopMs: 10_000, environment: {} });
  });

  it('is found in the folder that is named in its place', async () => {
    await writeFile(join(folder, 'adapter.yaml'), `${head}command: sh\n`);
    const { path, digest } = await readAdapterFile(join(folder, 'adapter.yaml'));
    expect(await readAdapterFile(folder)).toMatchObject({ path, digest });
  });

  it('takes its folder, and a program in it, relative to itself', async () => {
    await mkdir(join(folder, 'build'));
    await writeFile(join(folder, 'build/adapter'), '#!/bin/sh\n');
    await chmod(join(folder, 'build/adapter'), 0o755);
    const { start } = await read(`${head}command: ./adapter\ncwd: build\n`);
    expect(start).toEqual({ by: 'command', command: ['./adapter'], cwd: join(folder, 'build') });
  });

  it.each([
    ['a typo in a key', `${head}comand: sh\n`, ['3: adapter.yaml has no comand; did you mean command?']],
    [
      'a typo in the service',
      `service: custody-tasc\napplication: x\ncommand: sh\n`,
      ['1: there is no service "custody-tasc"; did you mean custody-task?'],
    ],
    [
      'a typo in the application',
      `service: ${service.name}\napplication: ${application}x\ncommand: sh\n`,
      [`2: there is no application of ${service.name} "${application}x"; did you mean ${application}?`],
    ],
    ['no application', `service: ${service.name}\ncommand: sh\n`, ['1: adapter.yaml lacks application']],
    ['no way to the adapter', head, ['1: adapter.yaml names no command, url or image']],
    [
      'two ways to the adapter',
      `${head}command: sh\nurl: http://localhost:1\napplicationPort: 2\n`,
      ['4: adapter.yaml names both command and url'],
    ],
    [
      'a URL without the port of the application',
      `${head}url: http://localhost:1\n`,
      ['3: adapter.yaml lacks applicationPort'],
    ],
    [
      'a program that is not there',
      `${head}command: ./build/adapter\n`,
      ['3: there is no program "./build/adapter" that can be run'],
    ],
    [
      'a name that PATH does not have',
      `${head}command: no-such-adapter\n`,
      ['3: there is no program "no-such-adapter" that can be run'],
    ],
    [
      'a quote that does not end',
      `${head}command: sh -c 'exit 0\n`,
      ['3: adapter.yaml.command has a quote that does not end'],
    ],
    [
      'a time limit that is no number',
      `${head}command: sh\nstartMs: soon\n`,
      ['4: adapter.yaml.startMs must be integer'],
    ],
    [
      'an environment that holds no texts',
      `${head}command: sh\nenvironment:\n  DEBUG: 1\n`,
      ['5: adapter.yaml.environment.DEBUG must be string'],
    ],
  ])('with %s is refused at its line', async (_, text, said) => {
    expect(await mistakes(text)).toEqual(said);
  });

  it('with a folder that is not there, or another role than the contract says, is refused at its line', async () => {
    const other = first?.role === 'provider' ? 'consumer' : 'provider';
    expect(await mistakes(`${head}command: sh\ncwd: nowhere\nrole: ${other}\n`)).toEqual([
      `5: ${application} is the ${first?.role ?? ''} of ${service.name}, not its ${other}`,
      expect.stringMatching(/^4: there is no folder .*nowhere$/),
    ]);
  });
});

describe('a command line', () => {
  it.each([
    ['java -jar adapter.jar', ['java', '-jar', 'adapter.jar']],
    [`  sh  -c 'a "b" c'  ""`, ['sh', '-c', 'a "b" c', '']],
    [`a"b c"d`, ['ab cd']],
  ])('%j is its words', (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });
});
