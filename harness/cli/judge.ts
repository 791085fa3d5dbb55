import { statSync } from 'node:fs';
import { join } from 'node:path';
import { flawOf, readJournal, type Journal } from '../evidence/journal-reader.ts';
import { judge } from '../evidence/judge.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { Problem } from '../model/errors.ts';
import type { Run } from '../model/run.ts';
import { coloured } from './colour.ts';
import { columnsOf } from './columns.ts';
import { interruptible } from './interrupt.ts';
import { makeFolder } from './make-folder.ts';
import { unwritable } from './unwritable.ts';

export interface JudgeOptions {
  readonly out?: string;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** Judges a journal as the run that wrote it did. A journal that ends too early leaves what it does not tell inconclusive. */
export function judgeCommand(path: string, options: JudgeOptions): Promise<number> {
  const talk = options.json === true ? process.stderr : process.stdout;
  return interruptible(async (interrupt) => {
    requireFile(path);
    const journal = readJournal(path);
    const flaw = flawOf(journal);
    if (flaw !== undefined)
      process.stderr.write(`${path}: the journal ${flaw}; what it does not tell is inconclusive\n`);
    await interrupt.check();
    if (options.deep === true) await requireRebuilt(path, journal);
    const run = judge(journal);
    await interrupt.hold();
    const files = options.out === undefined ? [] : await report(run, options.out);
    if (options.json === true) process.stdout.write(runJson(run));
    talk.write(consoleReport(run, { colour: coloured(talk), width: columnsOf(talk) }));
    if (files.length > 0) talk.write(`\nReports: ${files.join(', ')}\n`);
    return run.exitCode;
  });
}

async function report(run: Run, folder: string): Promise<readonly string[]> {
  await makeFolder(folder).catch((cause: unknown) => {
    throw unwritable('the folder of the reports', folder, cause);
  });
  return writeReports(run, folder);
}

/** A folder, a device or a pipe without an end is not read as if it were a file. */
function requireFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isFile()) return;
  throw new Problem(
    'journal',
    `not a journal that can be judged: it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`,
    {
      place: { file: path },
      next: `name the journal that a run has written: ${found.isDirectory() ? join(path, 'journal.bwj') : 'reports/out/<run>/journal.bwj'}`,
    },
  );
}

async function requireRebuilt(path: string, journal: Journal): Promise<void> {
  const { rebuild } = await import('./rebuild.ts');
  const [first, ...more] = rebuild(journal);
  if (first === undefined) return;
  throw new Problem(
    'journal',
    `trial ${first.trial}: ${first.what}${more.length === 0 ? '' : `; so it is in ${String(more.length)} further trials`}`,
    {
      place: { file: path },
      next: 'judge with the version that wrote the journal; if it is this one, the journal has been changed',
    },
  );
}
