import { describe, expect, test } from 'vitest';
import { judgeDurability } from '../../harness/checkers/durability.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import type { Flow } from '../../harness/model/flow.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged } from './judged.ts';

const flow = { ...flows['fan-out'], retention: { maxAgeMs: 1000, maxBytes: 1_000_000 } };
const bundles = flows['claim-check'];
const stored = (sequence: number, more: PartialRow<'stored'> = {}): PartialRow<'stored'> => ({
  stream: 'THINGS',
  sequence,
  subject: 'service.things.k0',
  message: sequence - 1,
  at: 4500,
  storedAt: 4500,
  ...more,
});
const state = (first: number, last: number, messages: number): Partial<Rows> => ({
  streamState: [{ at: 5000, stream: 'THINGS', flow: flow.id, first, last, messages }],
});

/** Three events that are acknowledged and stored, half a second before the drain. */
function said(more: Partial<Rows>, of: Flow = flow): string {
  const rows: Partial<Rows> = {
    planned: [0, 1, 2].map((nth) => ({
      flow: of.id,
      application: 'sender',
      source: 'urn:sender',
      id: String(nth),
      contents: 2,
    })),
    send: [0, 1, 2].map((message) => ({
      at: 100,
      done: 200,
      message,
      application: 'sender',
      status: 202,
      outcome: 'ok',
    })),
    stored: [1, 2, 3].map((sequence) => stored(sequence)),
    ...state(1, 3, 3),
    ...more,
  };
  return wordOf(judged(of, rows, 'DEL-1', judgeDurability));
}

describe('what was acknowledged is in the stream', () => {
  const send = (cells: PartialRow<'send'>): Partial<Rows> => ({
    send: [{ at: 100, done: 200, message: 0, application: 'sender', status: 202, outcome: 'ok', ...cells }],
    stored: [stored(1, { message: 1 }), stored(2, { message: 2 })],
    ...state(1, 2, 2),
  });
  test.each<[string, string, Partial<Rows>]>([
    ['pass', 'it is', {}],
    ['fail', 'it is not', send({})],
    ['not-exercised', 'it was refused', send({ status: 422, outcome: 'fail' })],
    ['not-exercised', 'nobody knows', send({ outcome: 'info', status: 504 })],
    ['not-exercised', 'it was answered with another status', send({ status: 404 })],
    [
      'pass',
      'another with its id is',
      {
        ...send({}),
        planned: [0, 1].map(() => ({ flow: flow.id, application: 'sender', source: 'urn:sender', id: 'same' })),
      },
    ],
    [
      'fail',
      'another with its id is not, either',
      {
        ...send({}),
        planned: [0, 0, 2].map((id) => ({
          flow: flow.id,
          application: 'sender',
          source: 'urn:sender',
          id: String(id),
        })),
        stored: [stored(1, { message: 2 })],
        ...state(1, 1, 1),
      },
    ],
  ])('%s: %s', (word, _, more) => {
    expect(said(more)).toBe(word);
  });
});

describe('what was stored stays for its retention', () => {
  const old = { at: 3999, storedAt: 3999 };
  const copy = stored(4, { message: 0 });
  test.each<[string, string, Partial<Rows>]>([
    ['fail', 'the stream begins later', state(2, 3, 2)],
    ['fail', 'the stream is empty', state(4, 3, 0)],
    ['pass', 'its time was over', { ...state(2, 3, 2), stored: [stored(1, old), stored(2), stored(3)] }],
    ['pass', 'its time was just over', { ...state(2, 3, 2), stored: [stored(1, { at: 4000 }), stored(2), stored(3)] }],
    [
      'fail',
      'its time was not over yet',
      { ...state(2, 3, 2), stored: [stored(1, { at: 4001 }), stored(2), stored(3)] },
    ],
    ['pass', 'a later copy is there', { ...state(2, 4, 3), stored: [stored(1), stored(2), stored(3), copy] }],
    [
      'fail',
      'a later copy is gone, too',
      { ...state(5, 4, 0), stored: [stored(1, old), stored(2, old), stored(3, old), copy] },
    ],
    [
      'pass',
      'that of nobody is gone',
      { ...state(2, 3, 2), stored: [stored(1, { message: 7 }), stored(2), stored(3)], send: [] },
    ],
    ['fail', 'one between is gone', state(1, 3, 2)],
    [
      'pass',
      'one between is gone after its time',
      { ...state(1, 3, 2), stored: [stored(1, old), stored(2), stored(3)] },
    ],
    ['pass', 'nothing was stored, and one was gone before', { ...state(1, 3, 2), stored: [], send: [] }],
  ])('%s: %s', (word, _, more) => {
    expect(said(more).replace(/not-exercised|undecided/, 'pass')).toBe(word);
  });
});

describe('the contents of a bundle that was acknowledged lie in the store', () => {
  const lie = (...items: readonly PartialRow<'content'>[]): Partial<Rows> => ({
    content: [0, 1, 2].flatMap((message) =>
      [0, 1].map(
        (item) =>
          ({ at: 5000, where: 'store', message, item, intact: 'yes', ...(message === 0 ? items[item] : {}) }) as const,
      ),
    ),
  });
  test.each<[string, string, Partial<Rows>]>([
    ['pass', 'they do', lie()],
    ['fail', 'one is not whole', lie({}, { intact: 'no' })],
    ['fail', 'one is with the application alone', lie({}, { where: 'application' })],
    ['fail', 'one is there twice, the other not', lie({}, { item: 0 })],
    ['fail', 'one is of another bundle', lie({}, { message: 1 })],
    ['fail', 'there is none', lie({ message: 7 }, { message: 7 })],
    ['undecided', 'nobody looked', {}],
    [
      'pass',
      'nobody looked, and there was none to look for',
      { planned: [0, 1, 2].map((id) => ({ flow: bundles.id, application: 'sender', id: String(id) })) },
    ],
    [
      'pass',
      'one that was never acknowledged has none',
      {
        ...lie({ message: 7 }, { message: 7 }),
        send: [1, 2].map((message) => ({ message, status: 202, outcome: 'ok' })),
      },
    ],
  ])('%s: %s', (word, _, more) => {
    expect(said(more, bundles)).toBe(word);
  });

  test('of bundles alone', () => {
    expect(said({})).toBe('pass');
  });
});
