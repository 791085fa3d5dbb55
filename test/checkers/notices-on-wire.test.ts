import { describe, expect, test } from 'vitest';
import { judgeNoticesOnWire } from '../../harness/checkers/notices-on-wire.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { noticeSubject } from '../../harness/model/names.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged } from './judged.ts';

const flow = flows['last-value'];
const one = { application: 'one', instance: 0, connection: 3 } as const;
const own = { ...one, stream: 'THINGS', consumer: 'one', sequence: 1, deliveries: 1 } as const;
const [delivered, noticed, stored, settled] = [100, 110, 112, 120];

/** A value that is delivered to `one`, of which it publishes a notice, and which it acknowledges without handing it over. */
const base = () =>
  ({
    planned: [{ flow: flow.id, application: 'sender', key: 'k0', id: 'a' }],
    stored: [{ stream: 'THINGS', sequence: 1, message: 0, subject: 'service.things.k0', at: 50, storedAt: 50 }],
    streamState: [{ stream: 'THINGS', flow: flow.id, first: 1, last: 1, messages: 1 }],
    delivery: [] as Rows['delivery'],
    wire: [
      { ...own, what: 'delivery', at: delivered },
      { ...one, what: 'publish', at: noticed, subject: noticeSubject('one'), message: 0, outcome: 'ok', done: stored },
      { ...own, what: 'acknowledgement', at: settled, verb: 'ack' },
    ] as [PartialRow<'wire'>, PartialRow<'wire'>, PartialRow<'wire'>],
  }) satisfies Partial<Rows>;
type Base = ReturnType<typeof base>;

function said(change: (rows: Base) => void, of: typeof flow | (typeof flows)['fan-out'] = flow): string {
  const rows = base();
  change(rows);
  return wordOf(judged(of, rows, 'DLQ-4', judgeNoticesOnWire));
}
const [hold, notice, settlement] = [0, 1, 2].map((row) => (cells: PartialRow<'wire'>) => (rows: Base) => {
  Object.assign(rows.wire[row] as object, cells);
}) as [Way, Way, Way];
type Way = (cells: PartialRow<'wire'>) => (rows: Base) => void;
const both =
  (...changes: readonly ((rows: Base) => void)[]) =>
  (rows: Base): void => {
    for (const change of changes) change(rows);
  };
const add =
  (row: PartialRow<'wire'>) =>
  (rows: Base): void =>
    void (rows.wire as PartialRow<'wire'>[]).push({ ...one, ...row });
const handed =
  (cells: PartialRow<'delivery'>) =>
  (rows: Base): void =>
    void rows.delivery.push({
      at: 105,
      done: 108,
      message: 0,
      flow: flow.id,
      application: 'one',
      status: 200,
      ...cells,
    });

describe('what is acknowledged unseen is so once its notice is stored', () => {
  test.each([
    ['pass', 'it is stored before', both()],
    ['pass', 'it is stored at the same moment', notice({ done: settled })],
    ['fail', 'it is stored later', notice({ done: settled + 1 })],
    ['fail', 'nobody knows when', notice({ done: Number.NaN })],
    ['fail', 'it is refused', notice({ outcome: 'fail' })],
    ['pass', 'an earlier one is refused', add({ ...noticeRow(105), outcome: 'fail', done: 106 })],
    ['pass', 'it is published as the value comes', notice({ at: delivered })],
    ['not-exercised', 'that of an earlier delivery is', notice({ at: delivered - 1 })],
    ['not-exercised', 'that of another event is', notice({ message: 1 })],
    ['not-exercised', 'that of another instance is', notice({ instance: 1 })],
    ['not-exercised', 'that of another application is', notice({ application: 'two', subject: noticeSubject('two') })],
    ['not-exercised', 'it is given back', both(settlement({ verb: 'nak' }), notice({ done: 200 }))],
    ['not-exercised', 'it is never settled', both((rows) => void rows.wire.pop(), notice({ done: 200 }))],
    [
      'not-exercised',
      'it is of nobody’s plan',
      both((rows) => void Object.assign(rows.stored[0] as object, { message: 7 })),
    ],
    ['not-exercised', 'it was handed over', both(handed({}), notice({ done: 200 }))],
    ['fail', 'another was handed it', both(handed({ application: 'two' }), notice({ done: 200 }))],
    ['not-exercised', 'it was handed over after another had been', both(handed({ application: 'two' }), handed({}))],
    ['fail', 'it is stored for another delivery', both(notice({ done: 200 }), hold({ at: delivered + 5 }))],
  ] as const)('%s: %s', (word, _, change) => {
    expect(said(change)).toBe(word);
  });

  test('on flows of last values alone', () => {
    expect(said(notice({ done: 200 }), flows['fan-out'])).toBe('not-exercised');
  });
});

function noticeRow(at: number): PartialRow<'wire'> {
  return { what: 'publish', at, subject: noticeSubject('one'), message: 0 };
}

describe('a notice is published so that the bus acknowledges it', () => {
  const unanswered = notice({ outcome: 'info', done: Number.NaN });
  const close = (cells: PartialRow<'wire'>) =>
    both(unanswered, add({ what: 'close', at: noticed + 500, ...cells }), handed({}));
  test.each([
    ['fail', 'nothing comes', both(unanswered, handed({}))],
    ['not-exercised', 'it comes', handed({})],
    ['not-exercised', 'it is refused', both(notice({ outcome: 'fail' }), handed({}))],
    ['not-exercised', 'its connection ends soon', close({})],
    ['not-exercised', 'it ends at the same moment', close({ at: noticed })],
    ['fail', 'it had ended before', close({ at: noticed - 1 })],
    ['not-exercised', 'it ends within a second', close({ at: noticed + 999 })],
    ['fail', 'it ends after a second', close({ at: noticed + 1000 })],
    ['fail', 'another connection ends', close({ connection: 4 })],
    ['fail', 'that of another instance ends', close({ instance: 1 })],
    ['fail', 'that of another application ends', close({ application: 'two' })],
    ['fail', 'it is cut, and has not ended yet', close({ what: 'cut' })],
  ] as const)('%s: %s', (word, _, change) => {
    expect(said(change)).toBe(word);
    expect(said(change, flows['fan-out'])).toBe(word);
  });
});
