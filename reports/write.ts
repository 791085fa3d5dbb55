import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../harness/model/errors.ts';
import type { Run } from '../harness/model/run.ts';
import { counterexampleFile, counterexampleJson } from './counterexample.ts';
import { htmlPage } from './html/page.ts';
import { junitXml } from './junit.ts';
import { runJson } from './run-json.ts';
import { summaryMarkdown } from './summary.ts';

/** File name → renderer: all that a run's folder gets from here. */
const renderers: Readonly<Record<string, (run: Run) => string>> = {
  'run.json': runJson,
  'junit.xml': junitXml,
  'summary.md': summaryMarkdown,
  'index.html': htmlPage,
};

/**
 * Writes every report of a run into a folder, which is made where there is none, and gives their paths. Each appears under
 * its name only once all of them are whole and on the disk. A `Problem` says why the folder could not be written.
 */
export async function writeReports(run: Run, folder: string): Promise<readonly string[]> {
  const reports = Object.entries(renderers).map(([name, render]) => [name, render(run)] as const);
  const counterexamples = (run.counterexamples ?? []).map(
    (counterexample) => [counterexampleFile(counterexample), counterexampleJson(run, counterexample)] as const,
  );
  const files = [...counterexamples, ...reports].map(([name, text]) => ({
    path: join(folder, name),
    partial: join(folder, `.${name}.${String(process.pid)}.partial`),
    text,
  }));
  try {
    await mkdir(folder, { recursive: true });
    for (const { partial, text } of files) await writeWhole(partial, text);
    for (const { partial, path } of files) await rename(partial, path);
    await syncFolder(folder);
  } catch (cause) {
    for (const { partial } of files) await rm(partial, { force: true }).catch(() => undefined);
    throw unwritable(folder, cause);
  }
  return files.map(({ path }) => path);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(text);
  await file.sync();
}

/** Makes the names last, too. Where a file system knows no such thing, the files themselves are on the disk all the same. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  if (handle === undefined) return;
  await handle.sync().catch(() => undefined);
  await handle.close();
}

const reasons: Readonly<Record<string, readonly [what: string, next: string]>> = {
  ENOSPC: ['the disk is full', 'make room, or name a folder on another disk with --out'],
  EDQUOT: ['the disk quota is used up', 'make room, or name a folder on another disk with --out'],
  EACCES: ['it may not be written to', 'name a folder that you may write to with --out'],
  EPERM: ['it may not be written to', 'name a folder that you may write to with --out'],
  EROFS: ['its file system is read-only', 'name a folder on another file system with --out'],
  ENOTDIR: ['a part of its path is a file', 'name a folder with --out'],
  EEXIST: ['there is a file of that name', 'name a folder with --out'],
  EISDIR: ['a report’s name is taken by a folder in it', 'take that folder away, or name another with --out'],
  ENAMETOOLONG: ['its path is too long', 'name a shorter one with --out'],
};

function unwritable(folder: string, cause: unknown): Problem {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  const [what, next] = reasons[code] ?? [message, 'name another folder with --out'];
  return new Problem('environment', `the reports cannot be written: ${what}`, { place: { file: folder }, next, cause });
}
