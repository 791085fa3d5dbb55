import { expect, test } from 'vitest';
import { judgePatience } from '../../harness/checkers/patience.ts';
import type { PartialRow } from '../../harness/model/history.ts';
import { NONE } from '../../harness/model/table.ts';
import { wordOf, type Rows } from './build.ts';
import { flows } from './flows.ts';
import { judged, steadyLag } from './judged.ts';

const flow = flows['work-queue'];
const limitMs = (flow.ackWaitMs ?? 0) / 2;
const began = 100;

/** An event that is handed over, and answered as late as this. */
const handed = (afterMs: number, cells: PartialRow<'delivery'> = {}): Partial<Rows> => ({
  planned: [{ flow: flow.id, application: 'sender', key: 'k0', id: 'a' }],
  delivery: [
    {
      at: began,
      done: began + afterMs,
      message: 0,
      flow: flow.id,
      application: 'one',
      outcome: 'ok',
      status: 200,
      ...cells,
    },
  ],
  lag: steadyLag(10_000),
});
const said = (rows: Partial<Rows>): string => wordOf(judged(flow, rows, 'DUP-2', judgePatience));

test('an adapter that hears its application after half of the ack wait has waited too long', () => {
  const finding = judged(flow, handed(1.5 * limitMs), 'DUP-2', judgePatience);
  expect(wordOf(finding)).toBe('fail');
  expect(finding.failures[0]).toMatchObject({
    application: 'one',
    expected: expect.stringContaining(`half of the ack wait, ${String(limitMs)} ms, and no longer`) as unknown,
    observed: `it heard one after ${String(1.5 * limitMs)} ms`,
  });
});

test('one that hears it in time, or has hung up, has not', () => {
  for (const rows of [
    handed(limitMs),
    handed(limitMs + 90),
    handed(1.5 * limitMs, { outcome: 'info', status: 0 }),
    handed(1.5 * limitMs, { message: NONE }),
  ])
    expect(said(rows)).not.toBe('fail');
});

test('of an adapter that was kept from running nothing can be said', () => {
  const rows = handed(1.5 * limitMs);
  const lagging = { ...rows, lag: steadyLag(10_000).map((row) => ({ ...row, worstMs: limitMs })) };
  expect(said(lagging)).toBe('undecided');
});
