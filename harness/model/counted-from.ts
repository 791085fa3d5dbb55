import type { History, TableName } from './history.ts';
import { busStreams } from './names.ts';
import { NONE } from './table.ts';

/** Stream → its last sequence when a trial began in an account in which others had been before it. */
export type Starts = ReadonlyMap<string, number>;

/** The stream that a row names. */
const named = '';

/** Columns that count the messages of a stream: of the one that the row names, or of one of the bus's own. */
const counting: readonly (readonly [TableName, string, ...string[]])[] = [
  ['injection', named, 'sequence'],
  ['stored', named, 'sequence'],
  ['acknowledgement', named, 'sequence'],
  ['advisory', named, 'sequence'],
  ['wire', named, 'sequence'],
  ['audit', named, 'streamSequence'],
  ['audit', busStreams.audit, 'sequence', 'number'],
  ['anchor', busStreams.audit, 'number'],
  ['deadLetter', named, 'streamSequence'],
  ['deadLetter', busStreams.deadLetters, 'sequence'],
  ['consumerState', named, 'ackFloor', 'delivered'],
];

/** The history as it would be in an account of its own: every stream is counted from where it stood when the trial began. In place. */
export function countFrom(history: History, starts: Starts): void {
  const ofText = new Map([...starts].map(([stream, start]) => [history.texts.find(stream), start]));
  for (const [table, whose, ...columns] of counting) {
    const cells = history[table].columns as Readonly<Record<string, Uint32Array>>;
    for (let row = 0; row < history[table].length; row++) {
      const start = whose === named ? ofText.get(cells['stream']?.[row] ?? NONE) : starts.get(whose);
      if (start !== undefined) for (const column of columns) shift(cells[column], row, start);
    }
  }
  const { stream, first, last, messages } = history.streamState.columns;
  for (let row = 0; row < history.streamState.length; row++) {
    const start = ofText.get(stream[row] ?? NONE) ?? 0;
    const before = Math.max(0, start + 1 - (first[row] ?? 0));
    messages[row] = Math.max(0, (messages[row] ?? 0) - (start === 0 ? 0 : before));
    first[row] = Math.max(Math.min(1, first[row] ?? 0), (first[row] ?? 0) - start);
    shift(last, row, start);
  }
}

function shift(cells: Uint32Array | undefined, row: number, by: number): void {
  const value = cells?.[row] ?? NONE;
  if (cells !== undefined && value !== NONE) cells[row] = Math.max(0, value - by);
}
