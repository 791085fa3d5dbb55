import { describe, expect, test } from 'vitest';
import { judgeEarlyRepeats } from '../../harness/checkers/early-repeats.ts';
import { judgeSentOnce } from '../../harness/checkers/sent-once.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged, steadyLag } from './judged.ts';

const flow = flows['fan-out'];
const sender = { application: 'sender', instance: 0 } as const;
const silent = { ...sender, what: 'publish', message: 0, outcome: 'info', done: Number.NaN } as const;

/** An event that is sent once, and published at these times without an acknowledgement. */
const published = (...times: readonly number[]): Rows['wire'] => times.map((at) => ({ ...silent, at }));
const rowsOf = (wire: Rows['wire'], more: Partial<Rows> = {}): Partial<Rows> => ({
  planned: [{ flow: flow.id, application: 'sender', key: 'k0', id: 'a' }],
  send: [{ ...sender, message: 0, at: 90, done: 9000, status: 504, outcome: 'info' }],
  wire,
  lag: steadyLag(10_000),
  ...more,
});

describe('an adapter that publishes again', () => {
  const early = (wire: Rows['wire'], more: Partial<Rows> = {}): string => {
    const judge: Parameters<typeof judged>[3] = (trial, judgement) =>
      judgeEarlyRepeats(
        trial,
        0,
        wire.flatMap((row, at) => (row.what === 'publish' ? [at] : [])),
        judgement,
      );
    return wordOf(judged(flow, rowsOf(wire, more), 'DEL-2', judge));
  };
  const connection = (at: number): PartialRow<'wire'> => ({ ...sender, what: 'cut', at, done: Number.NaN });

  test('has waited for an acknowledgement for two seconds', () => {
    expect(early(published(100, 1100))).toBe('fail');
    expect(early(published(100, 2100, 3100))).toBe('fail');
    expect(early(published(100, 1899))).toBe('fail');
    expect(early(published(100, 1900))).not.toBe('fail');
    expect(early(published(100, 2100, 4100))).not.toBe('fail');
  });
  test('has nothing to wait for where the bus has answered, its connection has ended, or its application sends again', () => {
    const answered = published(100, 1100).map((row, at) => (at === 0 ? { ...row, done: 600, outcome: 'fail' } : row));
    expect(early(answered as Rows['wire'])).not.toBe('fail');
    expect(early([...published(100, 1100), connection(500)])).not.toBe('fail');
    const again = { ...sender, message: 0, at: 1000, done: 1200, status: 202, outcome: 'ok' } as const;
    expect(early(published(100, 1100), { send: [...(rowsOf([]).send ?? []), again] })).not.toBe('fail');
    expect(early(published(100, 1100), { lifecycle: [{ ...sender, at: 700, change: 'stopping' }] })).not.toBe('fail');
  });
  test('is told from another instance that does', () => {
    const [first, second] = published(100, 1100);
    expect(early([first ?? {}, { ...second, instance: 1 }])).not.toBe('fail');
  });
  test('may have waited where the harness read late', () => {
    const lag = steadyLag(10_000).map((row) => ({ ...row, worstMs: 900 }));
    expect(early(published(100, 1100), { lag })).toBe('undecided');
  });
});

describe('at most once', () => {
  const once = (wire: Rows['wire'], more: Partial<Rows> = {}): string =>
    wordOf(judged(flow, rowsOf(wire, more), 'DEL-5', judgeSentOnce));

  test('an event is published once, acknowledged or not', () => {
    expect(once(published(100))).not.toBe('fail');
    expect(once(published(100, 2100))).toBe('fail');
  });
  test('it is published as often as its application sends it', () => {
    const again = { ...sender, message: 0, at: 2000, done: 2200, status: 202, outcome: 'ok' } as const;
    expect(once(published(100, 2100), { send: [...(rowsOf([]).send ?? []), again] })).not.toBe('fail');
  });
  test('it is put to the test where no acknowledgement comes', () => {
    expect(judged(flow, rowsOf(published(100)), 'DEL-5', judgeSentOnce).exercised).toBe(1);
    expect(once(published(100).map((row) => ({ ...row, done: 102, outcome: 'ok' as const })))).toBe('not-exercised');
  });
  test('of two events under one id nobody can say which was published', () => {
    const one = { flow: flow.id, application: 'sender', key: 'k0', id: 'a', source: 'urn:sender' } as const;
    const planned = [one, { ...one, bytes: 7 }];
    expect(once(published(100, 2100), { planned })).toBe('not-exercised');
  });
  test('what the bus has refused begins anew', () => {
    const refused = published(100, 200).map((row, at) => (at === 0 ? { ...row, done: 150, outcome: 'fail' } : row));
    expect(once(refused as Rows['wire'])).not.toBe('fail');
  });
});
