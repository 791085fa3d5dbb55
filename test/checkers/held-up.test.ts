import { describe, expect, test } from 'vitest';
import { judgeHeldUp } from '../../harness/checkers/held-up.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged, steadyLag } from './judged.ts';
import type { PartialRow } from '../../harness/model/history.ts';

const flow = flows['fan-out'];
const [began, published, ended] = [90, 100, 8100];
const sender = { application: 'sender', instance: 0 } as const;
const publish = { ...sender, what: 'publish', message: 0, outcome: 'info', done: Number.NaN } as const;

/** An event of one key that is published twice in vain, and one of another that is answered meanwhile. */
const base = (): Partial<Rows> & Pick<Rows, 'planned' | 'send' | 'wire'> => ({
  planned: [
    { flow: flow.id, application: 'sender', key: 'k0', id: 'a' },
    { flow: flow.id, application: 'sender', key: 'k1', id: 'b' },
  ],
  send: [
    { ...sender, message: 0, at: began, done: ended, status: 504, outcome: 'info' },
    { ...sender, message: 1, at: 1000, done: 1200, status: 202, outcome: 'ok' },
  ],
  wire: [
    { ...publish, at: published },
    { ...publish, at: 2100 },
  ],
  stored: [{ stream: 'THINGS', sequence: 1, message: 0, subject: 'service.things.k0', at: 110, storedAt: 105 }],
  streamState: [{ stream: 'THINGS', flow: flow.id, first: 1, last: 1, messages: 1 }],
  lag: steadyLag(10_000),
});
type Base = ReturnType<typeof base>;

function said(change: (rows: Base) => void): string {
  const rows = base();
  change(rows);
  return wordOf(judged(flow, rows, 'DEL-2', judgeHeldUp));
}
/** The other event is answered as late as this. */
const other =
  (cells: PartialRow<'send'>, more: (rows: Base) => void = () => {}) =>
  (rows: Base): void => {
    Object.assign(rows.send[1] as object, cells);
    more(rows);
  };
const late = (more: (rows: Base) => void) => other({ done: ended + 50 }, more);
const first = (rows: Base, table: 'send' | 'wire' | 'planned', cells: object): void =>
  void Object.assign(rows[table][0] as object, cells);
const add = (rows: Base, row: PartialRow<'wire'>): void => void rows.wire.push({ ...sender, ...row });
const lives =
  (at: number, application = 'sender') =>
  (rows: Base): void => {
    rows.lifecycle = [{ at, application, instance: 0, change: 'crashed' }];
  };

describe('what waits for its acknowledgement holds up no other', () => {
  test.each([
    ['pass', 'it is answered meanwhile', other({})],
    ['fail', 'it is answered later', other({ done: ended + 50 })],
    ['fail', 'it is answered at the same moment', other({ done: ended })],
    ['pass', 'it is answered just before', other({ done: ended - 0.5 })],
    ['fail', 'it is sent at the moment of the publish', late((rows) => (rows.send[1]!.at = published))],
    ['not-exercised', 'it is sent before the publish', late((rows) => (rows.send[1]!.at = published - 1))],
    ['fail', 'it has its time', late((rows) => (rows.send[1]!.at = ended - 2000))],
    ['not-exercised', 'it has less time', late((rows) => (rows.send[1]!.at = ended - 1999))],
    ['not-exercised', 'it has the same key', late((rows) => (rows.planned[1]!.key = 'k0'))],
    [
      'fail',
      'neither has a key',
      late((rows) => {
        for (const row of rows.planned) row.key = '';
      }),
    ],
    ['not-exercised', 'it is of another application', late((rows) => (rows.send[1]!.application = 'another'))],
    ['not-exercised', 'it is of another instance', late((rows) => (rows.send[1]!.instance = 1))],
    ['not-exercised', 'it is of another flow', late((rows) => (rows.planned[1]!.flow = 'service/others'))],
    ['not-exercised', 'it breaks the contract', late((rows) => (rows.planned[1]!.violation = 'schema:type:/a'))],
    ['undecided', 'the timer lagged', late((rows) => (rows.lag![5]!.worstMs = 1000))],
    ['fail', 'the timer lagged by less', late((rows) => (rows.lag![5]!.worstMs = 999))],
    [
      'fail',
      'the timer lagged before it was sent',
      late((rows) => {
        rows.lag![0]!.worstMs = 5000;
        rows.send[1]!.at = 1001;
      }),
    ],
  ] as const)('%s: %s', (word, _, change) => {
    expect(said(change)).toBe(word);
  });
});

describe('what is answered in the end waits for nothing', () => {
  test.each([
    ['not-exercised', 'the first publish is stored', { outcome: 'ok', done: 150 }],
    ['not-exercised', 'it is stored, whenever', { outcome: 'ok' }],
    ['not-exercised', 'it is refused', { outcome: 'fail', done: 150 }],
    ['fail', 'it is of another application, and stored', { application: 'another', outcome: 'ok' }],
    ['fail', 'it is of another instance, and stored', { instance: 1, outcome: 'ok' }],
    ['fail', 'it is stored before this try', { at: began - 1, outcome: 'ok' }],
    ['not-exercised', 'it is stored as this try begins', { at: began, outcome: 'ok' }],
    ['not-exercised', 'it is stored as this try ends', { at: ended, outcome: 'ok' }],
    ['fail', 'it is stored after this try', { at: ended + 1, outcome: 'ok' }],
    ['fail', 'it is of another event, and stored', { message: 1, outcome: 'ok' }],
  ] as const)('%s: %s', (word, _, cells) => {
    expect(
      said(
        late((rows) => {
          first(rows, 'wire', cells);
          rows.send[1]!.at = 2100;
        }),
      ),
    ).toBe(word);
  });

  test('an event that was never published is not what is waited for', () => {
    expect(said(late((rows) => rows.wire.splice(0)))).toBe('not-exercised');
  });
});

describe('an adapter in trouble is not judged by it', () => {
  test.each([
    ['not-exercised', 'its connection ends', late((rows) => add(rows, { what: 'close', at: 3000 }))],
    ['not-exercised', 'as it publishes', late((rows) => add(rows, { what: 'cut', at: published }))],
    ['fail', 'before it publishes', late((rows) => add(rows, { what: 'cut', at: published - 1 }))],
    ['not-exercised', 'as it gives up', late((rows) => add(rows, { what: 'close', at: ended }))],
    ['fail', 'after it gives up', late((rows) => add(rows, { what: 'close', at: ended + 1 }))],
    ['fail', 'that of another instance ends', late((rows) => add(rows, { what: 'close', at: 3000, instance: 1 }))],
    [
      'fail',
      'that of another application ends',
      late((rows) => add(rows, { what: 'close', at: 3000, application: 'x' })),
    ],
    ['not-exercised', 'it crashes', late(lives(3000))],
    ['fail', 'it crashes later', late(lives(ended + 1))],
    ['fail', 'another application crashes', late(lives(3000, 'another'))],
  ] as const)('%s: %s', (word, _, change) => {
    expect(said(change)).toBe(word);
  });
});
