import { tableNames, tableShapes, type TableName, type TableOf } from '../model/history.ts';
import type { ColumnType, TableShape } from '../model/table.ts';
import { padding } from './frame.ts';

type Cells = Float64Array | Uint32Array | Uint8Array;

const bytesOf = (type: ColumnType): number => (type === 'time' ? 8 : typeof type === 'string' ? 4 : 1);

/** A table's rows as one payload: u32 rows, u32 zero, then its columns in the order of its shape, each padded to 8 bytes. */
export function encodeRows<T extends TableName>(name: T, table: TableOf<T>): Uint8Array {
  const parts: Uint8Array[] = [Buffer.alloc(8)];
  (parts[0] as Buffer).writeUInt32LE(table.length, 0);
  const columns = table.columns as Readonly<Record<string, Cells>>;
  for (const column of Object.keys(tableShapes[name])) {
    const cells = columns[column] as Cells;
    const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
    parts.push(bytes, new Uint8Array(padding(bytes.length)));
  }
  return Buffer.concat(parts);
}

/** The columns of a payload, as views of it: nothing is copied where the payload lies aligned. */
export function decodeRows(
  table: number,
  payload: Buffer,
): { readonly name: TableName; readonly rows: number; readonly columns: Readonly<Record<string, Cells>> } | undefined {
  const name = tableNames[table];
  if (name === undefined || payload.length < 8) return undefined;
  const rows = payload.readUInt32LE(0);
  const columns: Record<string, Cells> = {};
  let at = 8;
  for (const [column, type] of Object.entries(tableShapes[name] as TableShape)) {
    const length = rows * bytesOf(type);
    if (at + length > payload.length) return undefined;
    columns[column] = view(type, payload.subarray(at, at + length), rows);
    at += length + padding(length);
  }
  return { name, rows, columns };
}

function view(type: ColumnType, bytes: Buffer, rows: number): Cells {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Buffer.from(new Uint8Array(bytes));
  const { buffer, byteOffset } = aligned;
  if (type === 'time') return new Float64Array(buffer, byteOffset, rows);
  return typeof type === 'string' ? new Uint32Array(buffer, byteOffset, rows) : new Uint8Array(buffer, byteOffset, rows);
}
