import { readFileSync } from 'node:fs';
import { Problem } from '../model/errors.ts';
import { tableNames, tableShapes, type History, type TableName } from '../model/history.ts';
import type { RunHeader, TrialHeader } from '../model/run.ts';
import { newColumn, Texts } from '../model/table.ts';
import { decodeRows } from './columns.ts';
import { decodeFrame, frameEnd, frameKinds, magic, type Frame } from './frame.ts';
import type { TrialEnd } from './journal-writer.ts';

export interface JournalTrial {
  readonly header: TrialHeader;
  readonly history: History;
  /** Absent where the journal ends before the trial does. */
  readonly end?: TrialEnd;
}

export interface Journal {
  readonly header: RunHeader;
  readonly trials: readonly JournalTrial[];
  /** Absent where the journal ends before the run does. */
  readonly durationMs?: number;
  /** Where the last whole block ends, in a file that goes on with something else. */
  readonly brokenAt?: number;
}

type Cells = Float64Array | Uint32Array | Uint8Array;
type Columns = Record<string, Cells>;

interface Draft {
  readonly header: TrialHeader;
  readonly texts: string[];
  readonly tables: Map<TableName, { rows: number; columns: Columns }>;
  end?: TrialEnd;
}

/** Reads a journal to its last whole block. A file that is no journal of this format is a Problem. */
export function readJournal(path: string): Journal {
  const file = read(path);
  if (!file.subarray(0, magic.length).equals(magic)) throw foreign(path, 'it does not begin as a journal of this version does');
  let offset = magic.length;
  const first = decodeFrame(file, offset);
  if (first?.kind !== frameKinds.run) throw foreign(path, 'its first block, which says what the run is of, is broken');
  const header = parse<RunHeader>(path, first);
  const format: number = header.format;
  if (format !== 1) throw foreign(path, `it has format ${String(format)}; this version reads format 1`);
  const drafts = new Map<number, Draft>();
  let durationMs: number | undefined;
  offset = frameEnd(first);
  for (let frame = decodeFrame(file, offset); frame !== undefined; frame = decodeFrame(file, offset)) {
    if (frame.kind === frameKinds.runEnd) ({ durationMs } = parse<{ durationMs: number }>(path, frame));
    else take(path, drafts, frame);
    offset = frameEnd(frame);
  }
  return {
    header,
    trials: [...drafts.values()].map(finished),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(offset === file.length ? {} : { brokenAt: offset }),
  };
}

function take(path: string, drafts: Map<number, Draft>, frame: Frame): void {
  if (frame.kind === frameKinds.trial) {
    drafts.set(frame.trial, { header: parse(path, frame), texts: [], tables: new Map() });
    return;
  }
  const draft = drafts.get(frame.trial);
  if (draft === undefined) throw foreign(path, `block at byte ${String(frame.offset)} belongs to no trial`);
  if (frame.kind === frameKinds.texts) for (const text of parse<string[]>(path, frame)) draft.texts.push(text);
  else if (frame.kind === frameKinds.trialEnd) draft.end = parse(path, frame);
  else if (frame.kind === frameKinds.rows) addRows(path, draft, frame);
}

function addRows(path: string, draft: Draft, frame: Frame): void {
  const block = decodeRows(frame.table, frame.payload);
  if (block === undefined) throw foreign(path, `block at byte ${String(frame.offset)} is of no table that this version knows`);
  const before = draft.tables.get(block.name);
  draft.tables.set(block.name, {
    rows: (before?.rows ?? 0) + block.rows,
    columns: before === undefined ? block.columns : joined(block.name, before.columns, block.columns),
  });
}

function joined(name: TableName, before: Columns, after: Columns): Columns {
  return Object.fromEntries(
    Object.entries(tableShapes[name]).map(([column, type]) => {
      const [one, two] = [before[column] as Cells, after[column] as Cells];
      const both = newColumn(type, one.length + two.length);
      both.set(one);
      both.set(two, one.length);
      return [column, both];
    }),
  );
}

function finished(draft: Draft): JournalTrial {
  const tables = tableNames.map((name) => {
    const table = draft.tables.get(name);
    const none = (): Columns =>
      Object.fromEntries(Object.entries(tableShapes[name]).map(([column, type]) => [column, newColumn(type, 0)]));
    return [name, { length: table?.rows ?? 0, columns: table?.columns ?? none() }];
  });
  const texts = new Texts(draft.texts.length === 0 ? [''] : draft.texts);
  return {
    header: draft.header,
    history: { ...Object.fromEntries(tables), texts } as History,
    ...(draft.end === undefined ? {} : { end: draft.end }),
  };
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Problem('journal', `cannot read the journal: ${code}`, {
      place: { file: path },
      next: 'name a journal that a run has written: reports/out/<run>/journal.bwj',
      cause,
    });
  }
}

function parse<T>(path: string, frame: Frame): T {
  try {
    return JSON.parse(frame.payload.toString('utf8')) as T;
  } catch (cause) {
    throw foreign(path, `block at byte ${String(frame.offset)} is not what it should be`, cause);
  }
}

function foreign(path: string, what: string, cause?: unknown): Problem {
  return new Problem('journal', `not a journal that can be judged: ${what}`, {
    place: { file: path },
    next: 'name a journal that this version of Busworthy has written: reports/out/<run>/journal.bwj',
    ...(cause === undefined ? {} : { cause }),
  });
}
