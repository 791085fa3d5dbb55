import { tableShapes, type TableName } from '../harness/model/history.ts';
import type { EvidenceLine, Run } from '../harness/model/run.ts';
import { fact, NONE, type ColumnType, type TableShape } from '../harness/model/table.ts';
import type { Failure } from '../harness/model/verdict.ts';
import { duration, instant } from './figures.ts';
import { printable, words } from './printable.ts';

/** A line of a history as a person reads it. */
export interface ReadLine {
  /** Since the trial's start, or '' for what has no time of its own. */
  readonly at: string;
  /** Table and row, by which it is found in the journal: `delivery 17`. */
  readonly what: string;
  /** What the line says; what it leaves open is left out, and so is the trial's own flow. */
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

type Cells = Readonly<Record<string, number | string>>;

/** The lines that prove a failure, in the order of their times. */
export function evidenceReader(run: Run): (failure: Failure & { readonly trial: string }) => readonly ReadLine[] {
  const lines = new Map(run.lines.map((line) => [keyOf(line.trial, line.table, line.row), line]));
  return ({ trial, evidence }) =>
    evidence
      .map(({ table, row }) => ({ table, row, cells: cellsOf(lines.get(keyOf(trial, table, row))) }))
      .toSorted((a, b) => timeOf(a.cells) - timeOf(b.cells))
      .map(({ table, row, cells }) => readLine(table, row, cells, trial));
}

/** `delivery 17 at 1,204.3 ms: application mobile, outcome ok`. */
export function lineText({ at, what, details }: ReadLine): string {
  const said = details.map(({ name, value }) => `${name} ${value}`).join(', ');
  return `${what}${at === '' ? '' : ` at ${at}`}${said === '' ? '' : `: ${said}`}`;
}

function keyOf(trial: string, table: TableName, row: number): string {
  return `${trial} ${table} ${String(row)}`;
}

function cellsOf(line: EvidenceLine | undefined): Cells {
  return line?.cells ?? {};
}

function timeOf({ at }: Cells): number {
  return typeof at === 'number' && !Number.isNaN(at) ? at : -1;
}

function readLine(table: TableName, row: number, cells: Cells, trial: string): ReadLine {
  const shape: TableShape = tableShapes[table];
  const said = applicationFirst(Object.entries(shape)).flatMap(([name, type]) => {
    const value = cells[name];
    const known = name === 'at' || (name === 'flow' && trial.startsWith(`${String(value)}/`));
    return known || value === undefined || isOpen(type, value) ? [] : [{ name, type, value }];
  });
  const facts = (answer: string) =>
    said.filter(({ type, value }) => type === fact && value === answer).map(({ name }) => words(name));
  const summed = (['no', 'yes'] as const)
    .map((answer) => ({ name: answer, value: facts(answer).join(', ') }))
    .filter(({ value }) => value !== '');
  const { at } = cells;
  return {
    at: typeof at === 'number' ? instant(at) : '',
    what: `${words(table)} ${String(row)}`,
    details: [
      ...said
        .filter(({ type }) => type !== fact)
        .map(({ name, type, value }) => ({ name: words(name), value: cellText(type, value) })),
      ...summed.map(({ name, value }) => ({ name: `${name}:`, value })),
    ],
  };
}

/** Whose line it is says most, and a line may be cut. */
function applicationFirst<T>(columns: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  const first = columns.filter(([name]) => name === 'application');
  return [...first, ...columns.filter(([name]) => name !== 'application')];
}

/** Whether a cell says that there is nothing, or that nothing is known. */
function isOpen(type: ColumnType, value: number | string): boolean {
  if (type === fact) return value === 'unknown';
  return value === '' || (typeof value === 'number' && (Number.isNaN(value) || (type === 'count' && value === NONE)));
}

function cellText(type: ColumnType, value: number | string): string {
  if (typeof value === 'string') return printable(value);
  return type === 'time' ? duration(value) : String(value);
}
