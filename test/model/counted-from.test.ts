import { expect, test } from 'vitest';

import { countFrom } from '../../harness/model/counted-from.ts';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';
import { busStreams } from '../../harness/model/names.ts';
import { NONE } from '../../harness/model/table.ts';

/** What is seen of one message of stream S at a sequence, the nth that the audit trail and the dead letters have. */
function seen(sequence: number, nth: number, messages: number): HistoryBuilder {
  const history = new HistoryBuilder();
  history.append('injection', { stream: 'S', sequence });
  history.append('injection', { stream: '', sequence: NONE });
  history.append('stored', { stream: 'S', sequence });
  history.append('stored', { stream: 'T', sequence: 4 });
  history.append('acknowledgement', { stream: 'S', sequence, deliveries: 2 });
  history.append('advisory', { stream: 'S', sequence, deliveries: 2 });
  history.append('wire', { stream: 'S', sequence });
  history.append('wire', { what: 'open', sequence: NONE });
  history.append('audit', { stream: 'S', streamSequence: sequence, sequence: nth, number: nth });
  history.append('anchor', { number: nth });
  history.append('deadLetter', { stream: 'S', streamSequence: sequence, sequence: nth, attempts: 2 });
  history.append('consumerState', { stream: 'S', ackFloor: sequence, delivered: sequence, pending: 3 });
  history.append('streamState', { stream: 'S', first: 1, last: sequence, messages });
  history.append('streamState', { stream: 'T', first: 1, last: 4, messages: 4 });
  return history;
}

const tables = [
  'injection',
  'stored',
  'acknowledgement',
  'advisory',
  'wire',
  'audit',
  'anchor',
  'deadLetter',
  'consumerState',
  'streamState',
] as const;

const rowsOf = (builder: HistoryBuilder, starts: readonly (readonly [string, number])[] = []) => {
  const history = builder.history();
  countFrom(history, new Map(starts));
  return tables.map((table) => Array.from({ length: history[table].length }, (_, at) => rowAt(history, table, at)));
};

test('a history that is counted from where its streams stood is that of an account of its own', () => {
  const starts = [
    ['S', 40],
    [busStreams.audit, 90],
    [busStreams.deadLetters, 90],
  ] as const;
  expect(rowsOf(seen(41, 91, 41), starts)).toEqual(rowsOf(seen(1, 1, 1)));
});

test('a history of streams that stood at nothing stays what it is', () => {
  const starts = [
    ['S', 0],
    [busStreams.audit, 0],
    ['T', 0],
  ] as const;
  expect(rowsOf(seen(7, 3, 7), starts)).toEqual(rowsOf(seen(7, 3, 7)));
});

test('messages that were let go of before are none of the history, and those that are gone since are gone', () => {
  const history = new HistoryBuilder();
  history.append('streamState', { stream: 'S', first: 31, last: 45, messages: 15 });
  history.append('streamState', { stream: 'S', first: 43, last: 45, messages: 3 });
  countFrom(history.history(), new Map([['S', 40]]));
  const rows = [0, 1].map((at) => rowAt(history.history(), 'streamState', at));
  expect(rows.map(({ first, last, messages }) => [first, last, messages])).toEqual([
    [1, 5, 5],
    [3, 5, 3],
  ]);
});
