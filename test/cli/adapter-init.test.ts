import { exec } from 'node:child_process';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { copyStarter, hasStarter } from '../../harness/adapters/starter/copy.ts';
import { languages } from '../../harness/adapters/starter/languages.ts';
import { busworthy, checkout, TemporaryFolder, type Ended } from './busworthy.ts';

const shell = promisify(exec);
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/local/go/bin` };

let folder: TemporaryFolder;
beforeEach(async () => {
  folder = await TemporaryFolder.make();
});
afterEach(() => folder[Symbol.asyncDispose]());

const init = (...args: readonly string[]): Promise<Ended> => busworthy(['adapter', 'init', ...args]);

/** Why a language's adapter cannot be built here; undefined where it can. */
const absent: Readonly<Record<string, () => Promise<string | undefined>>> = {
  go: () => without('go mod download', 'there is no go, or the modules cannot be fetched', 'go'),
  python: () =>
    without(
      `python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'`,
      'there is no python3 of version 3.11 or later',
    ),
  java: () => without('mvn --version', 'there is no Maven', 'java'),
  typescript: () => Promise.resolve(undefined),
};

async function without(command: string, reason: string, language?: string): Promise<string | undefined> {
  const cwd = language === undefined ? checkout : join(checkout, 'harness/adapters/reference', language);
  return shell(command, { cwd, env }).then(
    () => undefined,
    () => reason,
  );
}

describe('adapter init', { timeout: 240_000 }, () => {
  it.for(Object.entries(languages))(
    'in %s writes an adapter that its check finds sound',
    async ([name, language], context) => {
      context.skip(!(await hasStarter(language)), `there is no reference adapter in ${language.title}`);
      const target = folder.file('mine');
      const made = await init('--language', name, target);
      const whose = `an adapter of forensic (custody-task) in ${language.title}`;
      expect(made).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(whose) as unknown });
      expect(made.stdout).toContain(`  (cd ${target} && ${language.build.join(' && ')})\n`);
      expect(made.stdout).toContain(`  busworthy adapter check ${target}/adapter.yaml\n`);
      expect(await readFile(join(target, 'README.md'), 'utf8')).not.toMatch(/\]\(\.\.|harness\//);
      const reason = await absent[name]?.();
      context.skip(reason !== undefined, reason);
      // The same versions without a registry.
      if (name === 'typescript') await symlink(join(checkout, 'node_modules'), join(target, 'node_modules'));
      else await shell(language.build.join(' && '), { cwd: target, env });
      const chosen = ['--scenario', 'happy-flow', '--seed', '5', '--out', folder.file('out')];
      const checked = await busworthy(['adapter', 'check', join(target, 'adapter.yaml'), ...chosen], { env });
      expect(`${checked.stdout}${checked.stderr}`).toMatch(/^to the bus +TaskCompleted: 202 after /mu);
      expect(checked).toMatchObject({ code: 0, stdout: expect.not.stringContaining('To mend') as unknown });
    },
  );

  it('is told whose adapter it is to be', async () => {
    const owner = ['--service', 'incident-lifecycle', '--application', 'mobile'];
    const { code, stdout } = await init('--language', 'python', ...owner, folder.file('mine'));
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.not.stringContaining('For another') as unknown });
    const written = await readFile(folder.file('mine/adapter.yaml'), 'utf8');
    expect(written).toMatch(/^service: incident-lifecycle\napplication: mobile\ncommand: /m);
  });

  it('makes the folders above, takes an empty folder, and leaves nothing else behind', async () => {
    expect(await init('--language', 'go', folder.file('a/b/mine'))).toMatchObject({ code: 0 });
    await mkdir(folder.file('a/empty'));
    expect(await init('--language', 'go', folder.file('a/empty'))).toMatchObject({ code: 0 });
    expect(await readdir(folder.file('a'))).toEqual(['b', 'empty']);
    expect(await readdir(folder.file('a/b'))).toEqual(['mine']);
    expect(await readdir(folder.file('a/b/mine'))).toContain('main.go');
  });

  it('writes nothing into a folder that is not empty', async () => {
    await mkdir(folder.file('mine'));
    await writeFile(folder.file('mine/notes.txt'), 'mine');
    const { code, stdout, stderr } = await init('--language', 'go', folder.file('mine'));
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(
      /mine is not empty: it has notes\.txt\n {2}next: give a folder that is empty or not there yet\n$/,
    );
    expect(await readdir(folder.file('.'))).toEqual(['mine']);
    expect(await readdir(folder.file('mine'))).toEqual(['notes.txt']);
  });

  it.each([
    [[], /there is no language to write the adapter in\n {2}next: give --language, one of go, /],
    [['--language', 'pyton'], /no language "pyton"; did you mean python\?/],
    [['--language', 'go', '--application', 'mobile'], /of which service is mobile an application\?/],
    [['--language', 'go', '--service', 'custody-task'], /next: give --application, one of custody, forensic, /],
    [['--language', 'go', '--service', 'custody-tsk'], /no service "custody-tsk"; did you mean custody-task\?/],
    [
      ['--language', 'go', '--service', 'custody-task', '--application', 'forensik'],
      /no application of custody-task "forensik"; did you mean forensic\?/,
    ],
  ])('of %j says what is to be given, with code 3', async (args, says) => {
    expect(await init(...args, folder.file('mine'))).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(says) as unknown,
    });
    expect(await readdir(folder.file('.'))).toEqual([]);
  });

  it('says why it cannot write where it may not', async () => {
    await writeFile(folder.file('file'), '');
    expect(await init('--language', 'go', folder.file('file'))).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /file: the adapter cannot be written: .* is a file\n {2}next: give another folder/,
      ) as unknown,
    });
  });
});

it('the TypeScript adapter is pinned to the versions of this package', async () => {
  await copyStarter(languages['typescript']!, { service: 's', application: 'a' }, folder.file('.'));
  const versions = async (file: string): Promise<Record<string, string>> =>
    (JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> }).dependencies;
  expect(await versions(join(checkout, 'package.json'))).toMatchObject(await versions(folder.file('package.json')));
});
