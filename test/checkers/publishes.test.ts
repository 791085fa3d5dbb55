import { expect, test } from 'vitest';
import { repeatedPublishes } from '../../harness/checkers/publishes.ts';
import { trialOf } from '../../harness/checkers/trial.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { contractOf, historyOf } from './build.ts';
import { flows } from './flows.ts';

const flow = flows['fan-out'];
const planned = (id: string, more: PartialRow<'planned'> = {}): PartialRow<'planned'> => ({
  flow: flow.id,
  source: 'urn:sender',
  id,
  ...more,
});
/** Two messages with one id, one by itself, and one of another flow. */
const plan = [planned('a'), planned('a'), planned('b'), planned('c', { flow: 'another/flow' })];

const repeated = (
  send: readonly PartialRow<'send'>[],
  injection: readonly PartialRow<'injection'>[] = [],
): readonly (readonly [number, readonly (readonly [string, number, boolean, boolean])[]])[] =>
  [
    ...repeatedPublishes(
      trialOf(contractOf(flow), historyOf({ planned: [...plan], send: [...send], injection: [...injection] })),
    ),
  ].map(([identity, list]) => [
    identity,
    list.map(({ table, row, sure, duplicate }) => [`${table} ${String(row)}`, row, sure, duplicate] as const),
  ]);
const names = (...args: Parameters<typeof repeated>): readonly (readonly [number, readonly string[]])[] =>
  repeated(...args).map(([identity, list]) => [identity, list.map(([name]) => name)]);

test('what was published once is not repeated, and what is of another flow or of nobody’s plan is none', () => {
  expect(
    names([
      { message: 0, status: 202 },
      { message: 2, status: 202 },
    ]),
  ).toEqual([]);
  expect(names([{ message: 3 }, { message: 3 }, { message: NONE }, { message: NONE }])).toEqual([]);
});

test('an identity has all of its publishes in the order of their times, whichever message they are of', () => {
  const send = [
    { message: 0, at: 30, status: 202 },
    { message: 1, at: 10, status: 202 },
    { message: 2, at: 5, status: 202 },
  ];
  expect(names(send, [{ message: 0, at: 20, what: 'event', outcome: 'ok' }])).toEqual([
    [0, ['send 1', 'injection 0', 'send 0']],
  ]);
});

test('a publish that was refused is none, and one that was called a conflict, failed or is unknown may be one', () => {
  const statuses = [202, 400, 404, 409, 422, 499, 500, 503, 0, 399];
  const send = statuses.map((status, at) => ({ message: 2, status, at }));
  expect(repeated(send)[0]?.[1].map(([, row, sure]) => [statuses[row], sure])).toEqual([
    [202, true],
    [409, false],
    [500, false],
    [503, false],
    [0, false],
    [399, false],
  ]);
});

test('of what the harness put there itself events count, those that were stored or may have been', () => {
  const injection = (['ok', 'fail', 'info'] as const).map((outcome, at) => ({
    message: 2,
    what: 'event' as const,
    outcome,
    at,
  }));
  const others = (['reply', 'replay'] as const).map((what) => ({ message: 2, what, outcome: 'ok' as const, at: 9 }));
  const again = { message: 2, what: 'event', outcome: 'ok', duplicate: 'yes', at: 10 } as const;
  expect(repeated([], [...injection, ...others, again])).toEqual([
    [
      2,
      [
        ['injection 0', 0, true, false],
        ['injection 2', 2, false, false],
        ['injection 5', 5, true, true],
      ],
    ],
  ]);
  expect(repeated([], [...others, injection[0] ?? {}])).toEqual([]);
});
