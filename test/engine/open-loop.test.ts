import { expect, test } from 'vitest';
import { performOpenLoop } from '../../harness/engine/open-loop.ts';
import type { Sender } from '../../harness/engine/sender.ts';
import type { TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder, rowAt } from '../../harness/model/history.ts';
import { latestStartMs } from '../../harness/model/load.ts';
import { flows } from '../checkers/flows.ts';

/** An open loop of three arrivals that begins so long after its trial, on a clock of its own. */
async function begunAt(ms: number) {
  const history = new HistoryBuilder();
  let now = ms;
  const clock = { now: () => (now += 1) };
  const state = {
    flow: flows['fan-out'],
    planned: { list: [] },
    clock,
    now: clock.now,
    history,
    signal: new AbortController().signal,
  } as unknown as TrialState;
  const sent: { readonly message: number; readonly intended: number }[] = [];
  const sender = {
    send: (message: number, intended: number) => {
      sent.push({ message, intended });
      return Promise.resolve();
    },
  } as unknown as Sender;
  await performOpenLoop({ state, sender }, [
    { atMs: 0, phase: 'idle' },
    { atMs: 5, phase: 'warm-up', message: 0 },
    { atMs: 9, phase: 'measured', message: 1 },
  ]);
  return { sent, history: history.history() };
}

test('an open loop sends each event from its intended time on, and writes down when it came to it', async () => {
  const { sent, history } = await begunAt(100);
  expect(sent).toEqual([
    { message: 0, intended: 106 },
    { message: 1, intended: 110 },
  ]);
  const { at, intended } = history.arrival.columns;
  expect(history.arrival.length).toBe(3);
  for (let row = 0; row < 3; row++) expect(at[row]).toBeGreaterThanOrEqual(intended[row] ?? Infinity);
  expect(history.problem.length).toBe(0);
});

test('an open loop that begins when its messages are old is trouble in the harness, whatever came of them', async () => {
  const { history } = await begunAt(latestStartMs + 1);
  expect(rowAt(history, 'problem', 0)).toMatchObject({ where: 'open loop' });
});
