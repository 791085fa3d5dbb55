import { delay, startClock } from './clock.ts';
import { Processors } from './processors.ts';

/** How long the process is looked at, the delay that is still calm, and the longest wait for calm, in milliseconds. */
const lookMs = 10;
const calmMs = 15;
const mostMs = 3000;
/** How long the processors are looked at, and the share of them in use below which there is room for one more job. */
const spareMs = 100;
const spareShare = 0.75;

/**
 * Lets one job begin at a time, and each only once the process keeps up with its timers: the setting up of a job is the busiest
 * time of its life, and what is busy with many of them answers nobody in time.
 */
export class Gate {
  readonly #clock = startClock();
  #last: Promise<void> = Promise.resolve();
  #lastLook: Promise<unknown> = Promise.resolve();

  /** Whether one may begin that is meant to run: always, once there is calm or the longest wait is over. */
  enter(signal: AbortSignal): Promise<boolean> {
    this.#last = this.#last.then(() => this.#calm(signal));
    return this.#last.then(() => true);
  }

  /** Whether one more may begin than were meant to run at once: the machine's processors are not all in use. Looks once. */
  enterBeyond(signal: AbortSignal): Promise<boolean> {
    const looked = this.#lastLook.then(async () => {
      const processors = new Processors();
      await delay(spareMs, signal);
      return !signal.aborted && processors.busy() < spareShare;
    });
    this.#lastLook = looked;
    return looked;
  }

  async #calm(signal: AbortSignal): Promise<void> {
    const { now } = this.#clock;
    const end = now() + mostMs;
    while (!signal.aborted && now() < end) {
      const began = now();
      await delay(lookMs, signal);
      if (now() - began - lookMs < calmMs) return;
    }
  }
}
