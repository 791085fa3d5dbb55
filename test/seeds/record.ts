import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whole runs in good health, as they are checked in: those of one state of the sources. */
export interface SeedsRecord {
  /** Git's names of the folders that a run is made of: runs of others do not count. */
  readonly trees: Readonly<Record<string, string>>;
  readonly commit: string;
  /** RFC 3339. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Seeds by what came of them: exit 0, exit 2, and any other. */
  readonly green: readonly number[];
  readonly undecided: readonly number[];
  readonly red: readonly number[];
}

const recordFile = join(import.meta.dirname, 'result.json');
const folders = ['contracts', 'harness', 'scenarios', 'reports'];
const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' }).trim();

/** The record of the sources as they are, with no run yet where the last record is of others. */
export function openRecord(now: string): SeedsRecord {
  const changed = git('status', '--porcelain', '--', ...folders);
  if (changed !== '') throw new Error(`only what is committed can be recorded; changed are:\n${changed}`);
  const trees = Object.fromEntries(folders.map((folder) => [folder, git('rev-parse', `HEAD:${folder}`)]));
  const last = read();
  if (last !== undefined && JSON.stringify(last.trees) === JSON.stringify(trees)) return last;
  const versions = { node: process.version };
  return {
    trees,
    commit: git('rev-parse', 'HEAD'),
    firstAt: now,
    lastAt: now,
    versions,
    green: [],
    undecided: [],
    red: [],
  };
}

/** The record with one more run, written. */
export function recordRun(
  record: SeedsRecord,
  run: { readonly seed: number; readonly exitCode: number | null; readonly natsServer: string; readonly now: string },
): SeedsRecord {
  const { seed, exitCode, natsServer, now } = run;
  const without = (list: readonly number[]): readonly number[] => list.filter((other) => other !== seed);
  const to = (list: readonly number[], belongs: boolean): readonly number[] =>
    belongs ? [...without(list), seed].toSorted((a, b) => a - b) : without(list);
  const next: SeedsRecord = {
    ...record,
    lastAt: now,
    versions: { ...record.versions, ...(natsServer === '' ? {} : { natsServer }) },
    green: to(record.green, exitCode === 0),
    undecided: to(record.undecided, exitCode === 2),
    red: to(record.red, exitCode !== 0 && exitCode !== 2),
  };
  writeFileSync(recordFile, `${JSON.stringify(next, null, 2)}\n`);
  return next;
}

function read(): SeedsRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile, 'utf8')) as SeedsRecord;
  } catch {
    return undefined;
  }
}
