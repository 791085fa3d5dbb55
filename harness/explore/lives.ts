import type { LaunchedAdapters } from '../adapters/launch/launched-adapters.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import type { Service } from '../model/flow.ts';
import type { Workload } from '../model/workload.ts';
import { Life } from './life.ts';

/** Performances of one life: so many that its start costs little, and what has grown with them is not asked of each. */
const mostRuns = 100;

/** The lives of an exploration, each of which one performance has at a time; as many as there are performances side by side. */
export class Lives implements AsyncDisposable {
  readonly #bus: StartedBus;
  readonly #adapters: (service: Service) => LaunchedAdapters;
  readonly #free: Life[] = [];
  readonly #all = new Set<Life>();
  #begun = 0;

  constructor(bus: StartedBus, adapters: (service: Service) => LaunchedAdapters) {
    this.#bus = bus;
    this.#adapters = adapters;
  }

  /** Lives that have begun so far. */
  get begun(): number {
    return this.#begun;
  }

  /** A life of the service's adapters; one that a workload's ids and keys are new to, unless the workload is performed with others. */
  async take(service: Service, workload: Workload | undefined): Promise<Life> {
    const fit = this.#free.filter(
      (life) => life.service === service.name && (workload === undefined || !life.knows(workload)),
    );
    // None has to be started where as many run as are wanted.
    const life = fit.find((one) => workload !== undefined && one.runs(workload)) ?? fit[0];
    if (life !== undefined) {
      this.#free.splice(this.#free.indexOf(life), 1);
      return life;
    }
    // The one that has to make room.
    const used = this.#free.findIndex((other) => other.service === service.name);
    if (used >= 0) await this.#end(this.#free.splice(used, 1)[0]);
    const begun = await Life.begin(this.#bus, service, this.#adapters(service));
    this.#begun++;
    this.#all.add(begun);
    return begun;
  }

  /** Takes a life back. `sound`: nothing of what was performed is left in it. */
  async give(life: Life, sound: boolean): Promise<void> {
    if (sound && life.performed < mostRuns) this.#free.push(life);
    else await this.#end(life);
  }

  async #end(life: Life | undefined): Promise<void> {
    if (life === undefined) return;
    this.#all.delete(life);
    await life[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((life) => life[Symbol.asyncDispose]()));
    this.#all.clear();
    this.#free.length = 0;
  }
}
