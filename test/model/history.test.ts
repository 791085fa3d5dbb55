import { describe, expect, test } from 'vitest';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';
import { decodeCell, encodeCell, NONE, Texts } from '../../harness/model/table.ts';

describe('a history', () => {
  test('gives back each row as it was written, with nothing where nothing was said', () => {
    const history = new HistoryBuilder();
    expect(history.append('notice', { at: 1.5, application: 'one', message: NONE, canary: 'no' })).toBe(0);
    expect(history.append('notice', { at: 2, id: 'm1', bytes: 7 })).toBe(1);
    expect(history.lengthOf('notice')).toBe(2);
    const empty = {
      at: 0,
      application: '',
      id: '',
      source: '',
      message: 0,
      reason: '',
      bytes: 0,
      canary: 'unknown',
      faults: '',
    };
    const view = history.history();
    expect(view.notice.length).toBe(2);
    expect(rowAt(view, 'notice', 0)).toEqual({ ...empty, at: 1.5, application: 'one', message: NONE, canary: 'no' });
    expect(rowAt(view, 'notice', 1)).toEqual({ ...empty, at: 2, id: 'm1', bytes: 7 });
  });

  test('has a row changed where it was said that it is, and nowhere else', () => {
    const history = new HistoryBuilder();
    history.append('wait', { at: 1, what: 'drain' });
    history.append('wait', { at: 2, what: 'observer' });
    history.amend('wait', 1, { done: 5, reached: 'yes', detail: undefined as never });
    const view = history.history();
    expect(rowAt(view, 'wait', 0)).toMatchObject({ at: 1, what: 'drain', done: 0, reached: 'unknown', detail: '' });
    expect(rowAt(view, 'wait', 1)).toMatchObject({ at: 2, what: 'observer', done: 5, reached: 'yes', detail: '' });
  });

  test('grows by whole columns behind the rows that are there', () => {
    const history = new HistoryBuilder();
    history.append('problem', { at: 1, where: 'bus' });
    const where = history.texts.intern('trial');
    history.appendColumns('problem', 100, {
      at: Array.from({ length: 100 }, (_, at) => at + 10),
      where: Array.from({ length: 100 }, () => where),
      unknown: [1],
    });
    history.append('problem', { at: 200, what: 'gone' });
    const view = history.history();
    expect(view.problem.length).toBe(102);
    expect(rowAt(view, 'problem', 0)).toEqual({ at: 1, where: 'bus', what: '' });
    expect(rowAt(view, 'problem', 100)).toEqual({ at: 109, where: 'trial', what: '' });
    expect(rowAt(view, 'problem', 101)).toEqual({ at: 200, where: '', what: 'gone' });
  });

  test('keeps every row as it grows', () => {
    const history = new HistoryBuilder();
    for (let at = 0; at < 300; at++) history.append('lag', { at, worstMs: at / 2 });
    const { columns, length } = history.history().lag;
    expect(length).toBe(300);
    expect([...columns.at]).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect([...columns.worstMs]).toEqual(Array.from({ length: 300 }, (_, at) => at / 2));
  });

  test('has no column that its table has not', () => {
    const history = new HistoryBuilder();
    expect(() => history.append('lag', { another: 1 } as never)).toThrow('table lag has no column another');
    history.append('lag', {});
    history.amend('lag', 0, { another: 1, at: 3 } as never);
    expect(rowAt(history.history(), 'lag', 0).at).toBe(3);
  });
});

describe('a cell', () => {
  const texts = new Texts();

  test('is kept as a number, and read as what it stands for', () => {
    for (const [type, value] of [
      ['time', 1.25],
      ['count', 7],
      ['text', 'some text'],
      [['', 'no', 'yes'], 'yes'],
    ] as const)
      expect(decodeCell(type, encodeCell(type, value, texts), texts)).toBe(value);
  });

  test('holds none but the words of its column', () => {
    expect(() => encodeCell(['no', 'yes'], 'perhaps', texts)).toThrow('"perhaps" is none of no, yes');
    expect(decodeCell(['no', 'yes'], 5, texts)).toBe('');
  });

  test('keeps each text once, and finds none that is not there', () => {
    const own = new Texts();
    expect([own.intern('a'), own.intern('b'), own.intern('a')]).toEqual([1, 2, 1]);
    expect([own.find('b'), own.find('c')]).toEqual([2, NONE]);
    expect([own.at(1), own.at(9)]).toEqual(['a', '']);
    expect([own.list, own.length]).toEqual([['', 'a', 'b'], 3]);
  });
});
