import { memo } from './memo.ts';
import { sortedRows } from './groups.ts';
import type { Trial } from './trial.ts';

/** What came earlier than this before its time came too early, whatever the harness's timer did. */
export const toleranceMs = 2;

const sortedLag = memo((trial: Trial) => sortedRows(trial.history.lag.columns.at, () => true));

/** Worst recorded lateness of the harness's timer between two times; Infinity where it was not recorded throughout. Relies on `lag`. */
export function worstLag(trial: Trial, from: number, to: number): number {
  const { at, intervalMs, worstMs } = trial.history.lag.columns;
  const rows = sortedLag(trial);
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[rows[middle] ?? 0] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let worst = 0;
  let covered = from;
  for (let index = low; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const ended = at[row] ?? 0;
    const began = ended - (intervalMs[row] ?? 0);
    // Intervals adjoin but for their own lateness.
    if (began > covered + (worstMs[row] ?? 0) + toleranceMs) return Infinity;
    worst = Math.max(worst, worstMs[row] ?? 0);
    covered = ended;
    if (ended >= to) return worst;
  }
  return covered >= to ? worst : Infinity;
}

/** What may be added to a bound before something is late: a tenth of it, and 100 ms at least for work that takes time. */
export const graceMs = (boundMs: number): number => Math.max(100, boundMs / 10);

/**
 * What to say of something due within `boundMs` of `from` that came at `to`: late only where the harness's own timer was
 * in time, that is below a tenth of the bound; else it cannot be said.
 */
export function lateness(trial: Trial, from: number, to: number, boundMs: number): 'in-time' | 'late' | 'cannot-say' {
  if (to - from <= boundMs + graceMs(boundMs)) return 'in-time';
  return worstLag(trial, from, to) < boundMs / 10 ? 'late' : 'cannot-say';
}
