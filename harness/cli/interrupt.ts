import { setImmediate } from 'node:timers/promises';

/** Why a signal of `Interrupt` is aborted. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** As a shell has it for Ctrl-C; told for the other signals too. */
export const interruptedCode = 130;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ctrl-C, SIGTERM and a closed terminal: the first one ends the work in order, a second one ends the program at once. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  #held = false;

  constructor() {
    for (const name of signals) process.on(name, this.#onSignal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Throws `Interrupted` where a signal has come, also during synchronous work that has just ended. */
  async check(): Promise<void> {
    // A turn of the event loop: signals are told there.
    await setImmediate();
    await setImmediate();
    this.signal.throwIfAborted();
  }

  /** From here on the work runs to its end: it is short, and half of it would be worse than none or all. */
  async hold(): Promise<void> {
    await this.check();
    this.#held = true;
  }

  readonly #onSignal = (): void => {
    if (this.#held) return;
    if (this.signal.aborted) process.exit(interruptedCode);
    process.stderr.write('\nending: cleaning up (again to end at once)\n');
    this.#controller.abort(new Interrupted());
  };

  [Symbol.dispose](): void {
    for (const name of signals) process.off(name, this.#onSignal);
  }
}

/** Does work that may be interrupted, and gives its exit code. Whatever an interrupted work ends with, its code is 130. */
export async function interruptible(work: (interrupt: Interrupt) => Promise<number>): Promise<number> {
  using interrupt = new Interrupt();
  try {
    const code = await work(interrupt);
    return interrupt.signal.aborted ? interruptedCode : code;
  } catch (cause) {
    if (interrupt.signal.aborted) return interruptedCode;
    throw cause;
  }
}
