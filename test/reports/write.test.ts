import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../harness/model/errors.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { run } from './build.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reports-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const caught = async (promise: Promise<unknown>): Promise<Problem> => {
  const problem: unknown = await promise.catch((cause: unknown) => cause);
  expect(problem).toBeInstanceOf(Problem);
  return problem as Problem;
};

describe('writing the reports', () => {
  it('leaves each report under its name and nothing else, in a folder that it makes', async () => {
    const out = join(folder, 'a/b');
    const files = await writeReports(run(), out);
    expect(files.map((file) => basename(file))).toEqual(['run.json', 'junit.xml', 'summary.md', 'index.html']);
    expect((await readdir(out)).toSorted()).toEqual(['index.html', 'junit.xml', 'run.json', 'summary.md']);
    expect(await readFile(join(out, 'run.json'), 'utf8')).toBe(runJson(run()));
  });

  it('replaces what an earlier run has left', async () => {
    await writeReports(run({ sentence: 'before' }), folder);
    await writeReports(run({ sentence: 'after' }), folder);
    for (const name of ['run.json', 'summary.md', 'index.html']) {
      const text = await readFile(join(folder, name), 'utf8');
      expect(text.toLowerCase()).toContain('after');
    }
  });

  it('names the folder and the next step where a part of the path is a file', async () => {
    await writeFile(join(folder, 'file'), '');
    const problem = await caught(writeReports(run(), join(folder, 'file/out')));
    expect(problem).toMatchObject({ kind: 'environment', exitCode: 4, place: { file: join(folder, 'file/out') } });
    expect(problem.message).toBe('the reports cannot be written: a part of its path is a file');
    expect(problem.next).toContain('--out');
  });

  it('takes away what it had begun where a report cannot get its name', async () => {
    await mkdir(join(folder, 'index.html'));
    const problem = await caught(writeReports(run(), folder));
    expect(problem.message).toContain('taken by a folder');
    expect((await readdir(folder)).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('says that the disk is full, and leaves nothing half-written', async ({ skip }) => {
    const full = '/dev/full';
    if (!existsSync(full)) skip('there is no /dev/full');
    await symlink(full, join(folder, `.junit.xml.${String(process.pid)}.partial`));
    const problem = await caught(writeReports(run(), folder));
    expect(problem.message).toBe('the reports cannot be written: the disk is full');
    expect(problem.next).toContain('make room');
    expect(await readdir(folder)).toEqual([]);
  });
});
