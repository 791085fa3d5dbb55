import { memo } from './memo.ts';
import { sortedRows } from './groups.ts';
import type { Trial } from './trial.ts';

/** What came earlier than this before its time came too early, whatever the harness's timer did. */
export const toleranceMs = 2;

/** Two observations on different ways may come in either order when they are this close. */
export const raceMs = 50;

/** A lag that delayed what was read at a moment was written down so many milliseconds before it at most. */
export const justBeforeMs = 50;

const sortedLag = memo((trial: Trial) => sortedRows(trial.history.lag.columns.at, () => true));

export interface Lag {
  /** The worst of an interval, and the sum of the worst of each: what many small delays may have come to. */
  readonly worstMs: number;
  readonly sumMs: number;
}

const unwatched: Lag = { worstMs: Infinity, sumMs: Infinity };

/**
 * Recorded lateness between two times of the harness's timer, and of the bus where that was later (`of` `timer` leaves the bus out: where
 * it is the bus that is judged); Infinity where it was not recorded throughout. Relies on `lag`.
 */
export function lagBetween(trial: Trial, from: number, to: number, of: 'timer' | 'either' = 'either'): Lag {
  const { at, intervalMs, worstMs, busMs } = trial.history.lag.columns;
  const rows = sortedLag(trial);
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[rows[middle] ?? 0] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  let worst = 0;
  let sum = 0;
  let covered = from;
  for (let index = low; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const ended = at[row] ?? 0;
    const began = ended - (intervalMs[row] ?? 0);
    // Intervals adjoin but for their own lateness.
    if (began > covered + (worstMs[row] ?? 0) + toleranceMs) return unwatched;
    const lateMs = Math.max(worstMs[row] ?? 0, of === 'timer' ? 0 : (busMs[row] ?? 0));
    worst = Math.max(worst, lateMs);
    sum += lateMs;
    covered = ended;
    if (ended >= to) return { worstMs: worst, sumMs: sum };
  }
  return unwatched;
}

/** What may be added to a bound before something is late: a tenth of it, and 100 ms at least for work that takes time. */
export const graceMs = (boundMs: number): number => Math.max(100, boundMs / 10);

/**
 * What to say of something due within `boundMs` of `from` that came at `to`: late only where the harness's own timer was in
 * time, that is below a tenth of the bound at every moment, and neither all its delays together nor a stall
 * of the bus explain it; else it cannot be said.
 */
export function lateness(trial: Trial, from: number, to: number, boundMs: number): 'in-time' | 'late' | 'cannot-say' {
  const excessMs = to - from - boundMs;
  if (excessMs <= graceMs(boundMs)) return 'in-time';
  const { worstMs, sumMs } = lagBetween(trial, from, to, 'timer');
  const stalledMs = lagBetween(trial, from, to).worstMs;
  return worstMs < boundMs / 10 && sumMs < excessMs && stalledMs < excessMs ? 'late' : 'cannot-say';
}
