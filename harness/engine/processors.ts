import { cpus } from 'node:os';

/** How much of the machine's processors is in use, whoever uses them. */
export class Processors {
  #last = processorTimes();

  /** The share since the last time it was asked for; the clock of the system's counts ticks about every 10 ms. */
  busy(): number {
    const last = this.#last;
    const now = processorTimes();
    const all = now.all - last.all;
    if (all <= 0) return 0;
    this.#last = now;
    return 1 - (now.idle - last.idle) / all;
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
