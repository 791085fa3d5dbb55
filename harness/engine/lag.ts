import { performance } from 'node:perf_hooks';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import type { HistoryBuilder } from '../model/history.ts';
import { startClock, type Clock } from './clock.ts';
import { Processors } from './processors.ts';

const tickMs = 10;
const intervalMs = 100;

/** A trial as its lag is watched: where its rows go, its own clock, and its own connection's way to ask the bus for a sign of life. */
export interface WatchedTrial {
  readonly history: HistoryBuilder;
  readonly clock: Clock;
  readonly ping: () => Promise<unknown>;
}

interface Watched extends WatchedTrial {
  readonly beganAt: number;
  readonly bus: Answering;
}

/**
 * Journals how late the harness's own timer was, how late the bus answered (each connection's quickest answer is in time), and how busy
 * the machine and the harness's event loop were, one row for each interval. There is one machine and one bus: the trials of that time have
 * one timer, which asks through the connection of one after another, and each history gets what was seen of any.
 */
export class LagWatch {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #trials: Watched[] = [];
  #timer: NodeJS.Timeout | undefined;
  #processors = new Processors();
  #loop = performance.eventLoopUtilization();
  #due = 0;
  #began = 0;
  #worstMs = 0;

  constructor(clock: Pick<Clock, 'now'> = startClock()) {
    this.#clock = clock;
  }

  /** Watches for a trial until it is stopped, which may be done again: its rows adjoin from now on. */
  watch(trial: WatchedTrial): Disposable {
    if (this.#trials.length === 0) this.#start();
    const watched = { ...trial, beganAt: trial.clock.now(), bus: new Answering(this.#clock, trial.ping) };
    this.#trials.push(watched);
    return {
      [Symbol.dispose]: () => {
        if (!this.#trials.includes(watched)) return;
        const lateMs = this.#clock.now() - this.#due;
        this.#worstMs = Math.max(this.#worstMs, lateMs);
        this.#write([watched]);
        this.#trials.splice(this.#trials.indexOf(watched), 1);
        if (this.#trials.length === 0) clearInterval(this.#timer);
      },
    };
  }

  #start(): void {
    this.#timer = setInterval(() => {
      this.#tick();
    }, tickMs);
    this.#due = this.#clock.now() + tickMs;
    this.#begin();
  }

  #begin(): void {
    this.#began = this.#clock.now();
    this.#worstMs = 0;
    this.#processors = new Processors();
    this.#loop = performance.eventLoopUtilization();
    for (const { bus } of this.#trials) bus.begin();
  }

  #tick(): void {
    const at = this.#clock.now();
    this.#worstMs = Math.max(this.#worstMs, at - this.#due);
    this.#due = at + tickMs;
    const next = this.#trials.shift();
    if (next !== undefined) {
      next.bus.ask();
      this.#trials.push(next);
    }
    if (at - this.#began < intervalMs) return;
    this.#write(this.#trials);
    this.#begin();
  }

  /** Rows of the interval so far; of less where a trial has begun within it. */
  #write(trials: readonly Watched[]): void {
    const passed = this.#clock.now() - this.#began;
    const loop = passed === 0 ? 0 : performance.eventLoopUtilization(this.#loop).active / passed;
    const busMs = Math.max(...this.#trials.map(({ bus }) => bus.worstMs()));
    const processors = this.#processors.busy();
    for (const { history, clock, beganAt } of trials) {
      const at = clock.now();
      const interval = Math.min(passed, at - beganAt);
      history.append('lag', {
        at,
        intervalMs: interval,
        worstMs: this.#worstMs,
        busMs,
        processorMs: interval * processors,
        loopMs: interval * loop,
      });
    }
  }
}

const watches = new WeakMap<StartedBus, LagWatch>();

/** The watch of all trials on a bus. */
export function lagWatchOn(bus: StartedBus): LagWatch {
  const watch = watches.get(bus) ?? new LagWatch();
  watches.set(bus, watch);
  return watch;
}

/** How long the bus takes to answer on one connection, beyond the quickest of its answers there. One ping is under way at a time; one that fails is never answered. */
class Answering {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #ping: () => Promise<unknown>;
  #asked: number | undefined;
  #quickestMs = Infinity;
  #worstMs = 0;

  constructor(clock: Pick<Clock, 'now'>, ping: () => Promise<unknown>) {
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

  begin(): void {
    this.#worstMs = 0;
  }

  /** The worst of the interval so far, an answer that is still due included. */
  worstMs(): number {
    const waitedMs = this.#asked === undefined ? 0 : this.#clock.now() - this.#asked;
    return Math.max(this.#worstMs, waitedMs - (this.#quickestMs === Infinity ? 0 : this.#quickestMs), 0);
  }
}
