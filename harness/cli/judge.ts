import { mkdir } from 'node:fs/promises';
import { readJournal } from '../evidence/journal-reader.ts';
import { judge } from '../evidence/judge.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { Problem } from '../model/errors.ts';
import { coloured } from './colour.ts';

export interface JudgeOptions {
  readonly out?: string;
  readonly deep?: boolean;
  readonly json?: boolean;
}

/** Judges a journal as the run that wrote it did. A journal that ends too early leaves what it does not tell inconclusive. */
export async function judgeCommand(path: string, options: JudgeOptions): Promise<number> {
  const journal = readJournal(path);
  const talk = options.json === true ? process.stderr : process.stdout;
  if (journal.brokenAt !== undefined || journal.durationMs === undefined) {
    const where = journal.brokenAt === undefined ? 'ends before its run does' : `is whole up to byte ${String(journal.brokenAt)}`;
    process.stderr.write(`${path}: the journal ${where}; what it does not tell is inconclusive\n`);
  }
  if (options.deep === true) await requireRebuilt(path, journal);
  const judged = judge(journal);
  // A journal that was cut short proves no green, even where the cut took nothing that was asked for.
  const cut = journal.durationMs === undefined && judged.exitCode === 0;
  const run = cut ? { ...judged, exitCode: 2, answer: 'cannot be said' as const, sentence: `${judged.sentence}, as far as the journal goes; it ends before its run does` } : judged;
  if (options.json === true) process.stdout.write(runJson(run));
  talk.write(consoleReport(run, { colour: coloured(talk), width: talk.columns }));
  if (options.out !== undefined) {
    await mkdir(options.out, { recursive: true });
    const files = await writeReports(run, options.out);
    talk.write(`\nReports: ${files.join(', ')}\n`);
  }
  return run.exitCode;
}

async function requireRebuilt(path: string, journal: ReturnType<typeof readJournal>): Promise<void> {
  const { rebuild } = await import('./rebuild.ts');
  const [first, ...more] = rebuild(journal);
  if (first === undefined) return;
  throw new Problem('journal', `trial ${first.trial}: ${first.what}${more.length === 0 ? '' : `; so it is in ${String(more.length)} further trials`}`, {
    place: { file: path },
    next: 'judge with the version that wrote the journal; if it is this one, the journal has been changed',
  });
}
