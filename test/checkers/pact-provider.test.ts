import { describe, expect, test } from 'vitest';
import { judgePactProvider } from '../../harness/checkers/pact-provider.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { wordOf, type Rows } from './build.ts';
import { enough, fanOut, interaction, pactOf, provided } from './cases-pact.ts';
import { judged } from './judged.ts';
import { worldOf } from './world.ts';

const two = {
  ...fanOut,
  pacts: [pactOf('one', 'sender', interaction('a thing'), interaction('another thing', { pending: true }))],
};

/** What Pact said of 20 messages of the first interaction, and of two of the second, which is pending. */
function said(change: (rows: Rows) => void, count = enough, pending: readonly PartialRow<'contract'>[] = []): Finding {
  const { world, rows } = worldOf(two);
  provided(world, count);
  for (const row of pending) {
    const message = world.plan();
    world
      .send(message)
      .takeByAll(message)
      .judge(message, { as: 'stimulus', interaction: 1, pending: 'yes', ...row });
  }
  world.finish();
  change(rows);
  return judged(two, rows, 'CON-1', judgePactProvider);
}
const last =
  (cells: PartialRow<'contract'>, send: PartialRow<'send'> = {}) =>
  (rows: Rows): void => {
    Object.assign(rows.contract.at(-1) ?? {}, cells);
    Object.assign(rows.send.at(-1) ?? {}, send);
  };
const nothing = (): void => {};
const wrong = { holds: 'no', path: '$.a', expected: 'to be an integer', found: 'a text' } as const;

describe('a provider is judged by 20 messages of each interaction', () => {
  test.each<[string, string, (rows: Rows) => void, number?]>([
    ['pass', '20 that hold', nothing],
    ['undecided', '19 of them', nothing, enough - 1],
    ['undecided', 'none of them', nothing, 0],
    [
      'pass',
      'one, which a real application gave',
      (rows) => rows.contract.forEach((row) => (row.source = 'application')),
      1,
    ],
    ['fail', 'one does not hold', last(wrong)],
    ['fail', 'nothing arrived of one that was refused', last({ holds: 'unknown' }, { outcome: 'fail', status: 422 })],
    ['fail', 'nothing arrived of one that was taken', last({ holds: 'unknown' }, { outcome: 'ok', status: 202 })],
    ['undecided', 'nobody knows of one', last({ holds: 'unknown' }, { outcome: 'info', status: 504 })],
    ['undecided', 'one came too late', last({ holds: 'unknown' }, { outcome: 'fail', status: 422, reason: 'expired' })],
  ])('%s: %s', (word, _, change, count = enough) => {
    // With nothing at all it is for others to say that a claimed clause was not tested.
    expect(wordOf(said(change, count)).replace('not-exercised', 'undecided')).toBe(word);
  });

  test('and is told what was expected and found', () => {
    expect(said(last(wrong)).failures[0]).toMatchObject({
      application: 'sender',
      expected: '"a thing" of one-sender, message: $.a to be an integer',
      observed: '$.a is a text in a message that the contract allows',
    });
    expect(said(last({ ...wrong, source: 'application' })).failures[0]?.observed).toBe(
      '$.a is a text in a message that the provider application gave',
    );
    expect(said(last({ holds: 'no', message: NONE, found: 'no event' })).failures[0]).toMatchObject({
      application: 'sender',
      expected: '"a thing" of one-sender, message, to be given by the provider application',
      observed: 'no event',
    });
    expect(
      said(last({ holds: 'unknown' }, { outcome: 'fail', status: 422, reason: 'invalid' })).failures[0],
    ).toMatchObject({
      application: 'sender',
      observed: 'its sender was told 422 invalid, and nothing of it arrived',
    });
  });
});

describe('what is pending is told apart, and neither a pass nor a failure', () => {
  const pending = (...holds: readonly ('yes' | 'no')[]): Finding =>
    said(
      nothing,
      enough,
      holds.map((each) => (each === 'no' ? wrong : { holds: each })),
    );
  test.each([
    [['no', 'no'], 'holds in 0 of 2 messages'],
    [['yes', 'no'], 'holds in 1 of 2 messages'],
    [['yes'], 'holds in 1 of 1 messages'],
  ] as const)('%j: %s', (holds, words) => {
    const { notes, exercised, failed } = pending(...holds);
    expect({ exercised, failed }).toEqual({ exercised: enough, failed: 0 });
    expect(notes).toEqual([`pending, and not counted: "another thing" of one-sender, message, ${words}`]);
  });
  test('of others nothing is noted', () => {
    expect(said(nothing).notes).toEqual([]);
  });
});
