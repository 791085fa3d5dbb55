import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { latenciesOf } from '../../harness/evidence/latencies.ts';
import { HistoryBuilder, type PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { flows } from '../checkers/flows.ts';
import { trialHeader } from '../fixtures/journal.ts';

const flow = flows['fan-out'];
const asked = flows['request-reply'];

function trialOf(
  rows: { send?: readonly PartialRow<'send'>[]; delivery?: readonly PartialRow<'delivery'>[] },
  header = {},
): JournalTrial {
  const builder = new HistoryBuilder();
  for (let at = 0; at < 200; at++) builder.append('planned', {});
  for (const row of rows.send ?? []) builder.append('send', row);
  for (const row of rows.delivery ?? []) builder.append('delivery', row);
  return { header: trialHeader({ flow: flow.id, ...header }), history: builder.history() };
}

const sent = (message: number, intended: number): PartialRow<'send'> => ({
  message,
  intended,
  at: intended + 3,
  status: 202,
});
const received = (message: number, at: number, application = 'one'): PartialRow<'delivery'> => ({
  message,
  at,
  application,
  effect: 'yes',
});

describe('latencies', () => {
  test('run from the intended send to the receipt, for each receiving application', () => {
    const trial = trialOf({
      send: [sent(0, 10), sent(1, 20)],
      delivery: [received(0, 15), received(1, 40), received(0, 11, 'two')],
    });
    expect(latenciesOf([flow], [trial])).toEqual([
      {
        flow: flow.id,
        application: 'one',
        count: 2,
        p50Ms: 5,
        p90Ms: 20,
        p99Ms: 20,
        maxMs: 20,
        objectiveMs: flow.p99Ms,
      },
      { flow: flow.id, application: 'two', count: 1, p50Ms: 1, p90Ms: 1, p99Ms: 1, maxMs: 1, objectiveMs: flow.p99Ms },
    ]);
  });

  test('begin at the first of several tries', () => {
    const trial = trialOf({ send: [sent(0, 10), sent(0, 110)], delivery: [received(0, 130)] });
    expect(latenciesOf([flow], [trial]).map(({ maxMs }) => maxMs)).toEqual([120]);
  });

  test('count neither what had no effect nor what nobody sent', () => {
    const delivery = [{ ...received(0, 30), effect: 'no' } as const, received(1, 30), received(NONE, 30)];
    expect(latenciesOf([flow], [trialOf({ send: [sent(0, 10)], delivery })])).toEqual([]);
  });

  test('of a request end with its reply', () => {
    const send = [
      { message: 0, intended: 5, done: 25, status: 200, application: 'asker' },
      { message: 1, intended: 5, done: 905, status: 504 },
    ];
    const trial = trialOf({ send }, { flow: asked.id });
    expect(latenciesOf([asked], [trial])).toMatchObject([{ application: 'asker', count: 1, maxMs: 20 }]);
  });

  test('are those of ordinary running: other scenarios are left out, several trials put together', () => {
    const rows = { send: [sent(0, 0)], delivery: [received(0, 7)] };
    expect(latenciesOf([flow], [trialOf(rows, { scenario: 'crash' })])).toEqual([]);
    expect(latenciesOf([flow], [trialOf(rows), trialOf(rows)])).toMatchObject([{ count: 2 }]);
  });

  test('are values that were measured, in rising order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 150 }), (list) => {
        const trial = trialOf({
          send: list.map((_, message) => sent(message, 0)),
          delivery: list.map((at, message) => received(message, at)),
        });
        const [latency] = latenciesOf([flow], [trial]);
        const percentiles = [latency?.p50Ms, latency?.p90Ms, latency?.p99Ms, latency?.maxMs];
        expect(percentiles).toEqual(percentiles.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
        expect(list).toEqual(expect.arrayContaining(percentiles));
        expect(latency?.maxMs).toBe(Math.max(...list));
        expect(list.filter((at) => at <= (latency?.p50Ms ?? 0)).length).toBeGreaterThanOrEqual(list.length / 2);
      }),
      { numRuns: 50 },
    );
  });
});
