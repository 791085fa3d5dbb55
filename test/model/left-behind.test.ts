import { expect, test } from 'vitest';
import { HistoryBuilder } from '../../harness/model/history.ts';
import { leavesNothing } from '../../harness/model/left-behind.ts';

const after = (happens: (history: HistoryBuilder) => void): boolean => {
  const history = new HistoryBuilder();
  history.append('wait', { what: 'drain', reached: 'yes' });
  history.append('lifecycle', { application: 'one', change: 'started' });
  happens(history);
  return leavesNothing(history.history());
};

test('a trial in which all was reached and nothing went wrong leaves nothing', () => {
  expect(after(() => undefined)).toBe(true);
  expect(after((history) => void history.append('lifecycle', { change: 'ended' }))).toBe(true);
});

test('a wait that was not reached, a problem or an adapter that failed is left behind', () => {
  expect(after((history) => void history.append('wait', { reached: 'no' }))).toBe(false);
  expect(after((history) => void history.append('problem', { where: 'bus', what: 'gone' }))).toBe(false);
  expect(after((history) => void history.append('lifecycle', { change: 'failed' }))).toBe(false);
});
