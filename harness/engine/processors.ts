import { cpus } from 'node:os';

/** How much of the machine's processors is in use from now on, whoever uses them. */
export class Processors {
  readonly #began = processorTimes();

  /** The share so far; 0 before the clock of the system has counted a tick, about every 10 ms. */
  busy(): number {
    const now = processorTimes();
    const all = now.all - this.#began.all;
    return all <= 0 ? 0 : 1 - (now.idle - this.#began.idle) / all;
  }
}

function processorTimes(): { readonly idle: number; readonly all: number } {
  let idle = 0;
  let all = 0;
  for (const { times } of cpus()) {
    idle += times.idle;
    all += times.user + times.nice + times.sys + times.idle + times.irq;
  }
  return { idle, all };
}
