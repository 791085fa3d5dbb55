import { expect, test } from 'vitest';
import { startClock } from '../../harness/engine/clock.ts';
import { performLanes, type LaneParts } from '../../harness/engine/lanes.ts';
import { newProgress, type TrialState } from '../../harness/engine/trial-state.ts';
import { HistoryBuilder } from '../../harness/model/history.ts';
import type { Condition } from '../../harness/model/workload.ts';

/** How long a lane waits for something, where the trial's events took so long to be made. */
async function waited(madeMs: number, condition: Condition): Promise<number> {
  const { now } = startClock();
  const history = new HistoryBuilder();
  const state = {
    workload: { lanes: [[{ do: 'wait', for: condition }]] },
    progress: newProgress(),
    clock: { now: () => madeMs + now() },
    history,
    changes: { changed: () => undefined },
    signal: new AbortController().signal,
  } as unknown as TrialState;
  await performLanes({ state } as unknown as LaneParts);
  const { at, done } = history.history().wait.columns;
  return (done[0] ?? 0) - (at[0] ?? 0);
}

test('what is to come some time after the first steps comes so long after them, however long the events took to be made', async () => {
  // A timer may be a millisecond early.
  expect(await waited(5000, { until: 'since-first-steps', ms: 60 })).toBeGreaterThan(58);
});

test('what is to come some time after the start comes at once where that has passed', async () => {
  expect(await waited(5000, { until: 'elapsed', ms: 1000 })).toBeLessThan(500);
});
