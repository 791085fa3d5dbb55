/**
 * What one change of a case's history changes of the verdicts of its clause's family: rows that are missing or there twice, cells that hold
 * something else. All that is not told changes nothing. `npm run docs` writes it, and a test compares it.
 */
import { seedOf } from '../../harness/generate/random.ts';
import { shapeOf, tableNames, type TableName } from '../../harness/model/history.ts';
import { NONE, type ColumnType } from '../../harness/model/table.ts';
import { familyFindings, wordOf } from './build.ts';
import { namedCases, rowsOfCase } from './cases-all.ts';
import type { Case } from './cases.ts';
import type { Section } from './approved.ts';

type Row = Record<string, string | number>;

/** Tables that nearly every history has rows in. */
const common: ReadonlySet<TableName> = new Set([
  'planned',
  'send',
  'arrival',
  'stored',
  'delivery',
  'acknowledgement',
  'audit',
  'anchor',
  'consumerState',
  'streamState',
  'wait',
  'lag',
]);
/** Of the changes in a common table one of so many is tried, and in a rare one of so many others; each case begins with another one. */
const strides = { common: 13, rare: 3 };

export const neighbours: readonly Section[] = namedCases.map((one) => ({
  name: one.name,
  text: () => around(one, seedOf(0, one.name) % strides.common).join('\n'),
}));

function around(one: Case, from: number): readonly string[] {
  const { clause, flow } = one;
  const rows = rowsOfCase(one);
  const words = (): ReadonlyMap<string, string> =>
    new Map([...familyFindings(flow, rows, clause)].map(([id, finding]) => [id, wordOf(finding)] as const));
  const before = words();
  const lines: string[] = [];
  let count = from;
  const attempt = (table: TableName, name: string, change: () => () => void): void => {
    if (count++ % strides[common.has(table) ? 'common' : 'rare'] > 0) return;
    const undo = change();
    const changed = Object.groupBy(
      [...words()].filter(([id, word]) => word !== before.get(id)),
      ([, word]) => word,
    );
    undo();
    const told = Object.entries(changed).map(([word, of = []]) => `${word} ${of.map(([id]) => id).join(' ')}`);
    if (told.length > 0) lines.push(`  ${name}: ${told.join(', ')}`);
  };
  for (const table of tableNames) {
    const list = rows[table] as Row[];
    for (const at of new Set([0, 1, list.length - 1])) {
      const row = list[at];
      if (row === undefined) continue;
      attempt(table, `without ${table} ${String(at)}`, () => {
        list.splice(at, 1);
        return () => void list.splice(at, 0, row);
      });
      attempt(table, `${table} ${String(at)} twice`, () => {
        list.splice(at, 0, { ...row });
        return () => void list.splice(at, 1);
      });
      for (const [column, other] of otherCells(table, row)) {
        attempt(table, `${table} ${String(at)} with ${column} ${String(other)}`, () => {
          const { [column]: own } = row;
          row[column] = other;
          return () => {
            if (own === undefined) Reflect.deleteProperty(row, column);
            else row[column] = own;
          };
        });
      }
    }
  }
  return lines;
}

/** What could stand in the cells of a row in the place of what does. */
function otherCells(table: TableName, row: Row): readonly (readonly [string, string | number])[] {
  return shapeOf(table).flatMap(([column, type]) =>
    othersThan(row[column], type)
      .filter((other) => !Object.is(other, row[column]))
      .map((other) => [column, other] as const),
  );
}

function othersThan(own: string | number | undefined, type: ColumnType): readonly (string | number)[] {
  if (typeof type !== 'string') return type;
  if (type === 'text') return ['', 'another'];
  const value = Number(own ?? 0);
  if (type === 'count') return [NONE, 0, value === NONE ? 1 : value + 1];
  return [value - 60, value + 60, value + 3000, Number.NaN];
}
