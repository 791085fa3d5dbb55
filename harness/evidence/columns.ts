import { tableNames, shapeOf, tableShapes, type TableName, type TableOf } from '../model/history.ts';
import type { ColumnType, TableShape } from '../model/table.ts';
import { maxPayloadBytes, padding } from './frame.ts';

type Cells = Float64Array | Uint32Array | Uint8Array;

const bytesOf = (type: ColumnType): number => (type === 'time' ? 8 : typeof type === 'string' ? 4 : 1);

/**
 * A table's rows as payloads of at most so many bytes, or of one row: u32 rows, u32 zero, then the columns in the order of the
 * table's shape, each padded to 8 bytes.
 */
export function* encodeRows<T extends TableName>(
  name: T,
  table: TableOf<T>,
  mostBytes = maxPayloadBytes,
): Generator<Uint8Array> {
  const types = Object.values(tableShapes[name] as TableShape);
  const rowBytes = types.reduce((sum, type) => sum + bytesOf(type), 0);
  const most = Math.max(1, Math.floor((mostBytes - 8 * (types.length + 1)) / rowBytes));
  for (let from = 0; from < table.length; from += most)
    yield encodeSome(name, table, from, Math.min(table.length, from + most));
}

function encodeSome<T extends TableName>(name: T, table: TableOf<T>, from: number, to: number): Uint8Array {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(to - from, 0);
  const parts: Uint8Array[] = [head];
  const columns = table.columns as Readonly<Record<string, Cells>>;
  for (const column of Object.keys(tableShapes[name])) {
    const cells = (columns[column] as Cells).subarray(from, to);
    const bytes = new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength);
    parts.push(bytes, new Uint8Array(padding(bytes.length)));
  }
  return Buffer.concat(parts);
}

/** The columns of a payload, as views of it; it must lie at a multiple of 8. Undefined where it is none of a known table's rows. */
export function decodeRows(
  table: number,
  payload: Buffer,
): { readonly name: TableName; readonly rows: number; readonly columns: Readonly<Record<string, Cells>> } | undefined {
  const name = tableNames[table];
  if (name === undefined || payload.length < 8) return undefined;
  const rows = payload.readUInt32LE(0);
  const columns: Record<string, Cells> = {};
  let at = 8;
  for (const [column, type] of shapeOf(name)) {
    const length = rows * bytesOf(type);
    if (at + length > payload.length) return undefined;
    columns[column] = view(type, payload.subarray(at, at + length), rows);
    at += length + padding(length);
  }
  if (at !== payload.length) return undefined;
  return { name, rows, columns };
}

function view(type: ColumnType, { buffer, byteOffset }: Buffer, rows: number): Cells {
  if (type === 'time') return new Float64Array(buffer, byteOffset, rows);
  return typeof type === 'string'
    ? new Uint32Array(buffer, byteOffset, rows)
    : new Uint8Array(buffer, byteOffset, rows);
}
