import { describe, expect, test } from 'vitest';
import { rowsOf } from '../../harness/checkers/groups.ts';
import {
  INJECTED,
  injectedEvents,
  REPLAYED,
  SENT,
  sourceOf,
  storedRows,
  storedTime,
  UNSURE,
} from '../../harness/checkers/stored-rows.ts';
import { trialOf, type Trial } from '../../harness/checkers/trial.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { contractOf, historyOf, type Rows } from './build.ts';
import { filtered } from './flows.ts';

const stored = (sequence: number, more: PartialRow<'stored'> = {}): PartialRow<'stored'> => ({
  stream: 'THINGS',
  sequence,
  subject: 'service.things.k0',
  message: 0,
  at: 10,
  storedAt: 5,
  ...more,
});
const injected = (sequence: number, more: PartialRow<'injection'> = {}): PartialRow<'injection'> => ({
  stream: 'THINGS',
  sequence,
  what: 'event',
  outcome: 'ok',
  message: 0,
  ...more,
});
const trial = (rows: Partial<Rows>): Trial =>
  trialOf(contractOf(filtered), historyOf({ planned: [{ application: 'sender' }, { application: 'other' }], ...rows }));
const originsOf = (...injection: readonly PartialRow<'injection'>[]): readonly number[] => [
  ...storedRows(trial({ stored: [stored(4), stored(5, { message: 1 })], injection: [...injection] })).origin,
];

describe('what a stream held', () => {
  test('is in the order of its sequences, each once, of this stream alone', () => {
    const { rows, message } = storedRows(
      trial({
        stored: [
          stored(7, { message: 1 }),
          stored(5),
          stored(5, { message: 1 }),
          stored(6, { stream: 'ANOTHER' }),
          stored(9, { message: NONE }),
        ],
      }),
    );
    expect([...rows]).toEqual([1, 0, 4]);
    expect([...message]).toEqual([0, 1, NONE]);
  });

  test.each([
    ['without a gap', [4, 5, 6, 7]],
    ['with gaps', [2, 5, 6, 9, 14]],
    ['of one', [3]],
    ['of none', []],
  ])('gives the place of each sequence, and none of another: %s', (_, sequences) => {
    const { placeOf } = storedRows(trial({ stored: sequences.map((sequence) => stored(sequence)) }));
    for (let sequence = 0; sequence < 17; sequence++)
      expect(placeOf(sequence)).toBe(sequences.includes(sequence) ? sequences.indexOf(sequence) : NONE);
  });

  test('gives the places of each planned message', () => {
    const { byMessage } = storedRows(
      trial({ stored: [stored(1, { message: 1 }), stored(2), stored(3, { message: 1 })] }),
    );
    const placesOf = (message: number): readonly number[] => [...rowsOf(byMessage, message)];
    expect([placesOf(0), placesOf(1)]).toEqual([[1], [0, 2]]);
  });

  test('entitles the receivers of its subject, and of a replay the one that it is for', () => {
    const { entitled } = storedRows(
      trial({
        stored: [
          stored(1),
          stored(2, { subject: 'service.things.k1' }),
          stored(3, { subject: 'service.things.k7' }),
          stored(4, { replayFor: 'two' }),
          stored(5, { replayFor: 'nobody' }),
        ],
      }),
    );
    expect([...entitled]).toEqual([0b01, 0b10, 0, 0b10, 0]);
  });
});

describe('how a message came onto the bus', () => {
  test('is by its sender where nobody else put it there', () => {
    expect(originsOf()).toEqual([SENT, SENT]);
    expect(originsOf(injected(4, { outcome: 'fail' }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(4, { what: 'reply' }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(4, { duplicate: 'yes' }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(4, { stream: 'ANOTHER' }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(9))).toEqual([SENT, SENT]);
  });

  test('is by the harness where that put it at this sequence, or back there', () => {
    expect(originsOf(injected(5))).toEqual([SENT, INJECTED]);
    expect(originsOf(injected(5, { what: 'replay' }))).toEqual([SENT, REPLAYED]);
    expect([...storedRows(trial({ stored: [stored(1, { replayFor: 'one' }), stored(2)] })).origin]).toEqual([
      REPLAYED,
      SENT,
    ]);
  });

  test('is unsure where the harness put that message somewhere and got no answer', () => {
    expect(originsOf(injected(0, { outcome: 'info', message: 1 }))).toEqual([SENT, UNSURE]);
    expect(originsOf(injected(0, { outcome: 'info', message: 1 }), injected(5))).toEqual([SENT, INJECTED]);
    expect(originsOf(injected(0, { outcome: 'info', message: NONE }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(0, { outcome: 'info', message: 2 }))).toEqual([SENT, SENT]);
    expect(originsOf(injected(0, { outcome: 'info', what: 'reply' }))).toEqual([SENT, SENT]);
  });
});

test('a message was put on the bus by the harness as an event, whatever came of it', () => {
  const of = (...injection: readonly PartialRow<'injection'>[]): readonly number[] => [
    ...injectedEvents(trial({ injection: [...injection] })),
  ];
  expect(of()).toEqual([0, 0]);
  expect(of(injected(0, { message: 1, outcome: 'fail' }))).toEqual([0, 1]);
  expect(of(injected(0, { message: 1, what: 'replay' }), injected(0, { what: 'reply' }))).toEqual([0, 0]);
  expect(of(injected(0, { message: NONE }), injected(0, { message: 2 }))).toEqual([0, 0]);
});

test('a message was stored when the server says, or when it was seen where the server does not say', () => {
  const one = trial({ stored: [stored(1), stored(2, { storedAt: 0 })] });
  expect([storedTime(one, 0), storedTime(one, 1)]).toEqual([5, 10]);
});

test('a message is of the application that planned it, and of none where nobody did', () => {
  const one = trial({ stored: [stored(1, { message: 1 }), stored(2, { message: NONE })] });
  expect([sourceOf(one, 0), sourceOf(one, 1)]).toEqual(['other', '']);
});
