/** Rows of a table by a number that they hold, as two flat arrays: the rows of group g are `rows[start[g] … start[g + 1])`. */
export interface Groups {
  readonly start: Uint32Array;
  readonly rows: Uint32Array;
}

/** Groups `keys.length` rows, each group in the order given (else in the table's). A key that is no group is left out. */
export function groupRows(keys: Uint32Array, groups: number, order?: Uint32Array): Groups {
  const start = new Uint32Array(groups + 1);
  const length = order?.length ?? keys.length;
  for (let at = 0; at < length; at++) {
    const key = keys[order === undefined ? at : (order[at] ?? 0)] ?? 0;
    if (key < groups) start[key + 1] = (start[key + 1] ?? 0) + 1;
  }
  for (let group = 0; group < groups; group++) start[group + 1] = (start[group + 1] ?? 0) + (start[group] ?? 0);
  const next = start.slice();
  const rows = new Uint32Array(start[groups] ?? 0);
  for (let at = 0; at < length; at++) {
    const row = order === undefined ? at : (order[at] ?? 0);
    const key = keys[row] ?? 0;
    if (key >= groups) continue;
    const place = next[key] ?? 0;
    rows[place] = row;
    next[key] = place + 1;
  }
  return { start, rows };
}

export function rowsOf(groups: Groups, group: number): Uint32Array {
  return groups.rows.subarray(groups.start[group] ?? 0, groups.start[group + 1] ?? 0);
}

export function sizeOf(groups: Groups, group: number): number {
  return (groups.start[group + 1] ?? 0) - (groups.start[group] ?? 0);
}

/** The rows that `keep` wants, in rising order of `by`; rows that are equal there stay as they are in the table. */
export function sortedRows(by: Float64Array | Uint32Array, keep: (row: number) => boolean): Uint32Array {
  const rows = new Uint32Array(by.length);
  let length = 0;
  let sorted = true;
  let last = -Infinity;
  for (let row = 0; row < by.length; row++) {
    if (!keep(row)) continue;
    const value = by[row] ?? 0;
    if (value < last) sorted = false;
    last = value;
    rows[length++] = row;
  }
  const kept = rows.subarray(0, length);
  return sorted ? kept : kept.sort((a, b) => (by[a] ?? 0) - (by[b] ?? 0) || a - b);
}
