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
 * checkers draw their lines. `wider` adds ways that change more than one cell at once. Tells what was changed.
 */
export function change(rows: Rows, flow: Flow, seed: number, wider: boolean): readonly string[] {
  const random = randomFrom(seed);
  const count = random.pick([1, 1, 2, mostChanges]);
  return Array.from({ length: count }, () =>
    wider && random.integer(0, 2) > 0 ? changeWider(rows, flow, random) : changeOnce(rows, flow, random),
  );
}

/** One more row that differs from one in a cell or two, as of another instance; a time at a limit; the same in every row that is alike. */
function changeWider(rows: Rows, flow: Flow, random: Random): string {
  const table = random.integer(0, 5) === 0 && rows.lag.length > 0 ? 'lag' : tableIn(rows, random);
  const list: Row[] = rows[table];
  const at = random.integer(0, list.length - 1);
  const row = list[at] as Row;
  const name = `${table} ${String(at)}`;
  const columns = shapeOf(table);
  const times = columns.filter(([column, type]) => type === 'time' && typeof row[column] === 'number');
  const way = random.integer(0, 9);
  if (way <= 3) {
    const copy = { ...row };
    list.splice(random.pick([at, at + 1, list.length]), 0, copy);
    const cells = Array.from({ length: random.integer(1, 2) }, () => {
      const [column, type] = random.pick(columns);
      const other = otherThan(row[column], type, { rows, flow, table, column, random });
      copy[column] = other;
      return `${column} ${told(other)}`;
    });
    return `${name} once more with ${cells.join(' and ')}`;
  }
  if (way <= 7 && times.length > 0) {
    const [column] = random.pick(times);
    const limit = random.pick(limitsOf(flow));
    // Of the lag it is the lateness that has limits.
    const to =
      table === 'lag'
        ? limit
        : timeIn(rows, flow, random) + random.pick([limit, -limit]) + random.pick([0, 0, 0.5, -0.5]);
    row[column] = to;
    return `${name} with ${column} ${told(to)}`;
  }
  const [column, type] = random.pick(columns);
  const alike = row[column];
  const same = list.filter((each) => each[column] === alike);
  if (way === 8) {
    list.splice(0, list.length, ...list.filter((each) => !same.includes(each)));
    return `${table} without ${String(same.length)} with ${column} ${told(alike ?? '')}`;
  }
  const other = otherThan(alike, type, { rows, flow, table, column, random });
  for (const each of same) each[column] = other;
  return `${table} with ${column} ${told(other)} in place of ${told(alike ?? '')}`;
}

/** Times for which something may last before a checker says something else of it, in milliseconds. */
function limitsOf(flow: Flow): readonly number[] {
  const { ackWaitMs = 0, dedupeWindowMs = 0, expiryMs = 0, p99Ms } = flow;
  const waits = [ackWaitMs, dedupeWindowMs, expiryMs, p99Ms].flatMap((wait) => [
    wait,
    wait / 2,
    wait * 0.45,
    wait / 10,
  ]);
  return [2, 50, 100, 300, 500, 1000, 2000, 5000, ...waits];
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
