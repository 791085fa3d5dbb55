import { randomFrom, type Random } from '../../harness/generate/random.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { shapeOf, tableNames, type TableName } from '../../harness/model/history.ts';
import { NONE, type ColumnType } from '../../harness/model/table.ts';
import type { Rows } from './build.ts';

type Cell = string | number;
type Row = Record<string, Cell>;

const mostChanges = 3;

/**
 * Changes a history in one to three small ways that a seed draws: a row is missing, there twice or in the place of the next, comes at
 * another time, or has another cell. Times are those of other rows more often than not, or a wait of the flow after them: there it is that
 * checkers draw their lines. Tells what was changed.
 */
export function change(rows: Rows, flow: Flow, seed: number): readonly string[] {
  const random = randomFrom(seed);
  const count = random.pick([1, 1, 2, mostChanges]);
  return Array.from({ length: count }, () => changeOnce(rows, flow, random));
}

function changeOnce(rows: Rows, flow: Flow, random: Random): string {
  const table = tableIn(rows, random);
  const list: Row[] = rows[table];
  const at = random.integer(0, list.length - 1);
  const row = list[at] as Row;
  const name = `${table} ${String(at)}`;
  const way = random.integer(0, 9);
  if (way === 0) {
    list.splice(at, 1);
    return `without ${name}`;
  }
  if (way === 1) {
    list.splice(at, 0, { ...row });
    return `${name} twice`;
  }
  const next = list[at + 1];
  if (way === 2 && next !== undefined) {
    [list[at], list[at + 1]] = [next, row];
    return `${name} after the next`;
  }
  const times = shapeOf(table).filter(([column, type]) => type === 'time' && typeof row[column] === 'number');
  if (way <= 4 && times.length > 0) {
    const [column] = random.pick(times);
    const by = timeIn(rows, flow, random) - Number(row[column]);
    for (const [each] of times) row[each] = Number(row[each]) + by;
    return `${name} later by ${told(by)}`;
  }
  const [column, type] = random.pick(shapeOf(table));
  const other = otherThan(row[column], type, { rows, flow, table, column, random });
  row[column] = other;
  return `${name} with ${column} ${told(other)}`;
}

interface Around {
  readonly rows: Rows;
  readonly flow: Flow;
  readonly table: TableName;
  readonly column: string;
  readonly random: Random;
}

function otherThan(own: Cell | undefined, type: ColumnType, around: Around): Cell {
  const { rows, flow, table, column, random } = around;
  if (typeof type !== 'string') return random.pick(type);
  const alike = random.pick<Row>(rows[table])[column];
  if (type === 'text') return random.pick(['', 'another', String(alike ?? ''), textIn(rows, random)]);
  const value = Number(own ?? 0);
  if (type === 'count') return random.pick([NONE, 0, value === NONE ? 1 : value + 1, Number(alike ?? 0)]);
  return random.pick([value - 60, value + 60, value + 3000, Number.NaN, timeIn(rows, flow, random)]);
}

/** A table that has rows. */
const tableIn = (rows: Rows, random: Random): TableName =>
  random.pick(tableNames.filter((name) => rows[name].length > 0));

/** A text of any row. */
function textIn(rows: Rows, random: Random): string {
  const table = tableIn(rows, random);
  const row = random.pick<Row>(rows[table]);
  const texts = shapeOf(table).filter(([column, type]) => type === 'text' && row[column] !== undefined);
  return texts.length === 0 ? '' : String(row[random.pick(texts)[0]]);
}

/** A time of any row; or a millisecond from it, or as long after it as the flow waits for something. */
function timeIn(rows: Rows, flow: Flow, random: Random): number {
  const table = tableIn(rows, random);
  const row = random.pick<Row>(rows[table]);
  const times = shapeOf(table).filter(([column, type]) => type === 'time' && Number.isFinite(row[column]));
  const time = times.length === 0 ? 0 : Number(row[random.pick(times)[0]]);
  const { ackWaitMs = 0, dedupeWindowMs = 0, expiryMs = 0, p99Ms } = flow;
  return time + random.pick([0, 0, 0, 1, -1, ackWaitMs, dedupeWindowMs, expiryMs, p99Ms]);
}

const told = (value: Cell): string => {
  if (typeof value !== 'number') return value === '' ? 'empty' : value;
  return value === NONE ? 'none' : String(Math.round(value * 1000) / 1000);
};
