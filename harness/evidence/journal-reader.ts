import { readFileSync } from 'node:fs';
import { Problem } from '../model/errors.ts';
import { tableNames, shapeOf, type History, type TableName } from '../model/history.ts';
import type { RunHeader, TrialHeader } from '../model/run.ts';
import { newColumn } from '../model/table.ts';
import { decodeRows } from './columns.ts';
import { decodeFrame, frameEnd, frameKinds, magic, type Frame } from './frame.ts';
import type { TrialEnd } from './journal-writer.ts';
import { decodeTexts, StoredTexts, type TextBlock } from './stored-texts.ts';

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

/** What a journal lacks, for a sentence about it; undefined for a whole one. */
export function flawOf({ brokenAt, durationMs }: Journal): string | undefined {
  if (brokenAt !== undefined) return `is whole up to byte ${String(brokenAt)} only`;
  return durationMs === undefined ? 'ends before its run does' : undefined;
}

type Cells = Float64Array | Uint32Array | Uint8Array;
type Columns = Readonly<Record<string, Cells>>;

interface Draft {
  readonly header: TrialHeader;
  readonly texts: TextBlock[];
  readonly blocks: Map<TableName, RowBlock[]>;
  end?: TrialEnd;
}

type RowBlock = Exclude<ReturnType<typeof decodeRows>, undefined>;

/** Reads a journal to its last whole block. A file that is no journal of this format is a Problem. */
export function readJournal(path: string): Journal {
  const file = read(path);
  if (!file.subarray(0, magic.length).equals(magic))
    throw foreign(path, 'it does not begin as a journal of this version does');
  let offset = magic.length;
  const first = decodeFrame(file, offset);
  if (first?.kind !== frameKinds.run) throw foreign(path, 'its first block, which says what the run is of, is broken');
  const header = parse<RunHeader>(path, first);
  const format: unknown = header.format;
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
    if (drafts.has(frame.trial))
      throw foreign(path, `block at byte ${String(frame.offset)} begins a trial a second time`);
    drafts.set(frame.trial, { header: parse(path, frame), texts: [], blocks: new Map() });
    return;
  }
  const draft = drafts.get(frame.trial);
  if (draft === undefined) throw foreign(path, `block at byte ${String(frame.offset)} belongs to no trial`);
  if (frame.kind === frameKinds.texts) draft.texts.push(known(path, frame, decodeTexts(frame.payload)));
  else if (frame.kind === frameKinds.trialEnd) draft.end = parse(path, frame);
  else if (frame.kind === frameKinds.rows) {
    const block = known(path, frame, decodeRows(frame.table, frame.payload));
    draft.blocks.set(block.name, [...(draft.blocks.get(block.name) ?? []), block]);
  } else known(path, frame, undefined);
}

function known<T>(path: string, frame: Frame, block: T | undefined): T {
  if (block === undefined)
    throw foreign(path, `block at byte ${String(frame.offset)} is of no kind or shape that this version knows`);
  return block;
}

function finished(draft: Draft): JournalTrial {
  const tables = tableNames.map((name) => [name, tableOf(name, draft.blocks.get(name) ?? [])]);
  return {
    header: draft.header,
    history: { ...Object.fromEntries(tables), texts: new StoredTexts(draft.texts) } as History,
    ...(draft.end === undefined ? {} : { end: draft.end }),
  };
}

/** The blocks of a table as one. A single one is taken as it lies in the file. */
function tableOf(name: TableName, blocks: readonly RowBlock[]): { readonly length: number; readonly columns: Columns } {
  const [only] = blocks;
  const length = blocks.reduce((sum, { rows }) => sum + rows, 0);
  if (only !== undefined && blocks.length === 1) return { length, columns: only.columns };
  const columns = shapeOf(name).map(([column, type]) => {
    const cells = newColumn(type, length);
    let at = 0;
    for (const block of blocks) {
      cells.set(block.columns[column] as Cells, at);
      at += block.rows;
    }
    return [column, cells];
  });
  return { length, columns: Object.fromEntries(columns) as Columns };
}

function read(path: string): Buffer {
  try {
    const file = readFileSync(path);
    // Columns are read in place, and must lie at a multiple of 8.
    return file.byteOffset % 8 === 0 ? file : Buffer.from(Uint8Array.from(file).buffer);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new Problem('journal', `cannot read the journal: ${code}`, {
      place: { file: path },
      next: 'name a journal that a run has written: reports/out/<run>/journal.bwj',
      cause,
    });
  }
}

function parse<T extends object>(path: string, frame: Frame): T {
  let value: unknown;
  try {
    value = JSON.parse(frame.payload.toString('utf8'));
  } catch (cause) {
    throw foreign(path, `block at byte ${String(frame.offset)} is no JSON`, cause);
  }
  if (typeof value !== 'object' || value === null)
    throw foreign(path, `block at byte ${String(frame.offset)} is no JSON object`);
  return value as T;
}

function foreign(path: string, what: string, cause?: unknown): Problem {
  return new Problem('journal', `not a journal that can be judged: ${what}`, {
    place: { file: path },
    next: 'name a journal that this version of Busworthy has written: reports/out/<run>/journal.bwj',
    ...(cause === undefined ? {} : { cause }),
  });
}
