import { expect, test } from 'vitest';
import { connectionOf } from '../../harness/model/connection.ts';
import { HistoryBuilder, type PartialRow } from '../../harness/model/history.ts';

const seen = (...rows: readonly PartialRow<'wire'>[]): string => {
  const history = new HistoryBuilder();
  for (const row of rows) history.append('wire', { application: 'one', instance: 0, ...row });
  return connectionOf(history.history(), 'one', 0);
};

test('an instance that never came to the bus is told so', () => {
  expect(seen()).toBe('it has opened no connection to BUS_URL');
  expect(seen({ what: 'open', application: 'two' }, { what: 'open', instance: 1 })).toBe(
    'it has opened no connection to BUS_URL',
  );
});

test('an instance that has come and not logged in is told so', () => {
  expect(seen({ what: 'open' })).toBe('it has opened a connection to BUS_URL and not logged in');
});

test('an instance that has logged in is told by its last client', () => {
  expect(
    seen({ what: 'open' }, { what: 'connect', reason: 'go 1' }, { what: 'open' }, { what: 'connect', reason: 'go 2' }),
  ).toBe('it has logged in to the bus, with the client go 2');
});

test('what the bus has last said against it comes before all else', () => {
  expect(
    seen(
      { what: 'error', reason: 'first' },
      { what: 'error', reason: 'no permission' },
      { what: 'connect', reason: 'go 1' },
    ),
  ).toBe('the bus said to it: no permission');
});
