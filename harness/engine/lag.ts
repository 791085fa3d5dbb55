import type { HistoryBuilder } from '../model/history.ts';
import type { Clock } from './clock.ts';

const tickMs = 10;
const intervalMs = 100;

/** Journals how late the harness's own timer was, one row for each interval, until it is stopped. */
export function watchLag(history: HistoryBuilder, clock: Clock): Disposable {
  let due = clock.now() + tickMs;
  let began = clock.now();
  let worstMs = 0;
  const close = (): void => {
    const at = clock.now();
    history.append('lag', { at, intervalMs: at - began, worstMs });
    began = at;
    worstMs = 0;
  };
  const timer = setInterval(() => {
    const at = clock.now();
    worstMs = Math.max(worstMs, at - due);
    due = at + tickMs;
    if (at - began >= intervalMs) close();
  }, tickMs);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      worstMs = Math.max(worstMs, clock.now() - due);
      close();
    },
  };
}
