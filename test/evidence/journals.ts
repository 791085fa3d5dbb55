import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { JournalWriter, type TrialEnd } from '../../harness/evidence/journal-writer.ts';
import {
  HistoryBuilder,
  rowAt,
  tableNames,
  tableShapes,
  type History,
  type TableName,
} from '../../harness/model/history.ts';
import type { RunHeader, TrialHeader } from '../../harness/model/run.ts';
import type { ColumnType } from '../../harness/model/table.ts';
import { runHeader, trialHeader } from '../fixtures/journal.ts';

/** A folder that is there while the tests of a file run. */
export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'busworthy-journal-'));

  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

export interface WrittenTrial {
  readonly header: TrialHeader;
  readonly history: History;
  readonly end?: TrialEnd;
}

/** The bytes of a journal with these trials. */
export function journalOf(
  trials: readonly WrittenTrial[],
  options: { header?: RunHeader; durationMs?: number } = {},
): Buffer {
  using folder = new Folder();
  const path = folder.file('journal.bwj');
  {
    using writer = new JournalWriter(path, options.header ?? runHeader());
    for (const { header, history, end } of trials) {
      const trial = writer.begin(header);
      if (end !== undefined) writer.end(trial, history, end);
    }
    if (options.durationMs !== undefined) writer.finish(options.durationMs);
  }
  return readFileSync(path);
}

export function written(folder: Folder, bytes: Uint8Array): string {
  const path = folder.file('journal.bwj');
  writeFileSync(path, bytes);
  return path;
}

export type PlainHistory = Readonly<Record<TableName, readonly unknown[]>> & { readonly texts: readonly string[] };

/** A history as plain data: every row of every table, and every text. */
export function plain(history: History): PlainHistory {
  const rows = (name: TableName) => Array.from({ length: history[name].length }, (_, at) => rowAt(history, name, at));
  return {
    ...Object.fromEntries(tableNames.map((name) => [name, rows(name)])),
    texts: history.texts.list,
  } as PlainHistory;
}

const cell = (type: ColumnType): fc.Arbitrary<number | string> => {
  if (type === 'time') return fc.double();
  if (type === 'count') return fc.nat(0xffffffff);
  // What is no well-formed text never comes out of a header.
  return type === 'text'
    ? fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed())
    : fc.constantFrom(...type);
};

/** Any history: rows of any tables, with any cells. */
export const histories: fc.Arbitrary<History> = fc
  .array(
    fc.constantFrom(...tableNames).chain((name) => {
      const columns = Object.entries(tableShapes[name]).map(
        ([column, type]) => [column, cell(type as ColumnType)] as const,
      );
      return fc.record({ name: fc.constant(name), row: fc.record(Object.fromEntries(columns)) });
    }),
    { maxLength: 30 },
  )
  .map((rows) => {
    const builder = new HistoryBuilder();
    for (const { name, row } of rows) builder.append(name, row);
    return builder.history();
  });

/** A small history with rows in several tables. */
export function sampleHistory(id = 'a'): History {
  const builder = new HistoryBuilder();
  for (let at = 0; at < 3; at++) {
    const message = builder.append('planned', {
      flow: 'service/things',
      type: 'Thing',
      source: 'urn:one',
      id: `${id}${String(at)}`,
      time: at,
    });
    builder.append('send', {
      at,
      done: at + 1,
      intended: at,
      message,
      application: 'sender',
      outcome: 'ok',
      status: 202,
    });
    builder.append('stored', {
      at,
      stream: 'THINGS',
      sequence: at + 1,
      message,
      id: `${id}${String(at)}`,
      envelope: 'yes',
    });
  }
  builder.append('wait', { what: 'drain', detail: 'drained', reached: 'yes' });
  return builder.history();
}

export const end: TrialEnd = { durationMs: 12, epochMs: 34 };
export { trialHeader };
