import { performance } from 'node:perf_hooks';
import type { HistoryBuilder } from '../model/history.ts';
import type { Clock } from './clock.ts';
import { Processors } from './processors.ts';

const tickMs = 10;
const intervalMs = 100;

/**
 * Journals how late the harness's own timer was, how late the bus answered a `ping` (its quickest answer is in time), and how busy the
 * machine and the harness's event loop were, one row for each interval, until it is stopped. One ping is under way at a time; one that fails is never answered.
 */
export function watchLag(history: HistoryBuilder, clock: Clock, ping: () => Promise<unknown>): Disposable {
  let due = clock.now() + tickMs;
  let began = clock.now();
  let worstMs = 0;
  const bus = new Answering(clock, ping);
  const processors = new Processors();
  let loop = performance.eventLoopUtilization();
  const close = (): void => {
    const at = clock.now();
    const interval = at - began;
    const sinceStart = performance.eventLoopUtilization();
    history.append('lag', {
      at,
      intervalMs: interval,
      worstMs,
      busMs: bus.worstMs(),
      processorMs: interval * processors.busy(),
      loopMs: performance.eventLoopUtilization(sinceStart, loop).active,
    });
    loop = sinceStart;
    began = at;
    worstMs = 0;
  };
  const timer = setInterval(() => {
    const at = clock.now();
    worstMs = Math.max(worstMs, at - due);
    due = at + tickMs;
    bus.ask();
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

/** How long the bus takes to answer, beyond the quickest of its answers. */
class Answering {
  readonly #clock: Clock;
  readonly #ping: () => Promise<unknown>;
  #asked: number | undefined;
  #quickestMs = Infinity;
  #worstMs = 0;

  constructor(clock: Clock, ping: () => Promise<unknown>) {
    this.#clock = clock;
    this.#ping = ping;
  }

  ask(): void {
    if (this.#asked !== undefined) return;
    const asked = this.#clock.now();
    this.#asked = asked;
    const answered = (): void => {
      const tookMs = this.#clock.now() - asked;
      this.#quickestMs = Math.min(this.#quickestMs, tookMs);
      this.#worstMs = Math.max(this.#worstMs, tookMs - this.#quickestMs);
      this.#asked = undefined;
    };
    this.#ping().then(answered, () => undefined);
  }

  /** The worst since the last time it was asked for, an answer that is still due included. */
  worstMs(): number {
    const waitedMs = this.#asked === undefined ? 0 : this.#clock.now() - this.#asked;
    const worstMs = Math.max(this.#worstMs, waitedMs - (this.#quickestMs === Infinity ? 0 : this.#quickestMs), 0);
    this.#worstMs = 0;
    return worstMs;
  }
}
