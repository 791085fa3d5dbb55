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
  const { worstMs, busMs } = trial.history.lag.columns;
  const rows = watchedRows(trial, from, to);
  if (rows === undefined) return unwatched;
  let worst = 0;
  let sum = 0;
  for (const row of rows) {
    const lateMs = Math.max(worstMs[row] ?? 0, of === 'timer' ? 0 : (busMs[row] ?? 0));
    worst = Math.max(worst, lateMs);
    sum += lateMs;
  }
  return { worstMs: worst, sumMs: sum };
}

/** With so much of the machine's processors, or of the harness's event loop, in use, what is late may have waited for these. */
export const fullShare = 0.95;

export interface Use {
  /** Shares between 0 and 1. */
  readonly processors: number;
  readonly loop: number;
}

/** How much of the machine's processors, and of the harness's event loop, was in use between two times; all where nobody looked. Relies on `lag`. */
export function useBetween(trial: Trial, from: number, to: number): Use {
  const { intervalMs, processorMs, loopMs } = trial.history.lag.columns;
  let processors = 0;
  let loop = 0;
  let passed = 0;
  for (const row of watchedRows(trial, from, to) ?? []) {
    processors += processorMs[row] ?? 0;
    loop += loopMs[row] ?? 0;
    passed += intervalMs[row] ?? 0;
  }
  return passed === 0 ? { processors: 1, loop: 1 } : { processors: processors / passed, loop: loop / passed };
}

/**
 * For how long what others sent the harness may have waited to be read, between two times: for as long as its timer lagged, all delays
 * together, or for all of the time in which its event loop had no pause. Infinity where nobody looked. Relies on `lag`.
 */
export function unreadBetween(trial: Trial, from: number, to: number): number {
  const { intervalMs, loopMs } = trial.history.lag.columns;
  let full = 0;
  for (const row of watchedRows(trial, from, to) ?? []) {
    if ((loopMs[row] ?? 0) >= fullShare * (intervalMs[row] ?? 0)) full += intervalMs[row] ?? 0;
  }
  return Math.max(full, lagBetween(trial, from, to).sumMs);
}

/** Rows of the intervals that two times lie in and between; undefined where these leave a gap. */
function watchedRows(trial: Trial, from: number, to: number): Uint32Array | undefined {
  const { at, intervalMs, worstMs } = trial.history.lag.columns;
  const rows = sortedLag(trial);
  let first = 0;
  let high = rows.length;
  while (first < high) {
    const middle = (first + high) >>> 1;
    if ((at[rows[middle] ?? 0] ?? 0) < from) first = middle + 1;
    else high = middle;
  }
  let covered = from;
  for (let index = first; index < rows.length; index++) {
    const row = rows[index] ?? 0;
    const ended = at[row] ?? 0;
    const began = ended - (intervalMs[row] ?? 0);
    // Intervals adjoin but for their own lateness.
    if (began > covered + (worstMs[row] ?? 0) + toleranceMs) return undefined;
    covered = ended;
    if (ended >= to) return rows.subarray(first, index + 1);
  }
  return undefined;
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
