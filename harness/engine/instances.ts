import { leftRunning } from '../model/ending.ts';
import type { RowOf } from '../model/history.ts';
import { leavesNothing } from '../model/left-behind.ts';
import type { Endpoint, StartEndpoint } from './endpoint.ts';
import type { Life, PlayedApplication } from './played-application.ts';
import { problem, type TrialState } from './trial-state.ts';

interface Instance {
  endpoint: Endpoint | undefined;
  life: Life;
  /** Until it is ready, or cannot be. */
  starting: Promise<unknown> | undefined;
}

/** The instances of the service's applications: started, stopped, crashed and, after a crash that a script caused, started again. */
export class Instances implements AsyncDisposable {
  readonly #state: TrialState;
  readonly #start: StartEndpoint;
  readonly #applications: ReadonlyMap<string, PlayedApplication>;
  readonly #instances = new Map<string, Instance>();
  readonly #restarts = new Set<Promise<void>>();
  readonly #log: (line: string) => void;
  readonly #lost: () => void;
  #ending = false;

  constructor(options: {
    state: TrialState;
    start: StartEndpoint;
    applications: ReadonlyMap<string, PlayedApplication>;
    log: (line: string) => void;
    /** Called when an instance is there no more though nobody ended it. */
    lost: () => void;
  }) {
    this.#state = options.state;
    this.#start = options.start;
    this.#applications = options.applications;
    this.#log = options.log;
    this.#lost = options.lost;
  }

  get(application: string, instance: number): Endpoint | undefined {
    return this.#instances.get(keyOf(application, instance))?.endpoint;
  }

  async start(application: string, instance: number): Promise<void> {
    const played = this.#applications.get(application);
    if (played === undefined) throw new Error(`the service has no application ${application}`);
    const slot = this.#slot(application, instance);
    // Whoever supervises it may have started it again after a crash: it runs once.
    if (slot.starting !== undefined) await slot.starting;
    if (slot.endpoint !== undefined) return;
    this.#row(application, instance, 'started');
    const life: Life = { over: false };
    slot.life = life;
    const starting = this.#start({
      application,
      instance,
      behind: played.behind(instance, life),
      log: this.#log,
      failed: (reason, over) => this.#failed(application, instance, life, reason, over),
    });
    slot.starting = starting.catch(() => undefined).finally(() => (slot.starting = undefined));
    slot.endpoint = await starting;
    this.#row(application, instance, 'ready');
    this.#state.changes.changed();
  }

  async stop(application: string, instance: number): Promise<void> {
    await this.#slot(application, instance).starting;
    const endpoint = this.#take(application, instance);
    if (endpoint === undefined) return;
    this.#row(application, instance, 'stopping');
    const reason = await endpoint.stop();
    await endpoint[Symbol.asyncDispose]();
    this.#row(application, instance, 'ended', reason);
  }

  /** At the trial's end: what lives on is let go of as it is. After a trial that leaves something nothing does, and how it ends is seen. */
  async #end(application: string, instance: number): Promise<void> {
    const slot = this.#slot(application, instance);
    await slot.starting;
    const stays = slot.endpoint?.stay !== undefined && !slot.life.over;
    if (!stays || !leavesNothing(this.#state.history.history())) return this.stop(application, instance);
    this.#row(application, instance, 'stopping');
    this.#take(application, instance)?.stay?.();
    this.#row(application, instance, 'ended', leftRunning);
  }

  /** False where there was nothing to crash: it is down already, and whoever took it down starts it again. */
  async crash(application: string, instance: number): Promise<boolean> {
    const slot = this.#slot(application, instance);
    // It may hand over before it is known to be ready.
    if (slot.starting !== undefined) await slot.starting;
    const { life } = slot;
    const endpoint = this.#take(application, instance);
    if (endpoint === undefined) return false;
    life.over = true;
    this.#row(application, instance, 'crashed');
    await endpoint.crash();
    return true;
  }

  /** Crashes an instance in the middle of a handing-over, and starts it again as a supervisor would. */
  async crashAndRestart(application: string, instance: number): Promise<void> {
    if (!(await this.crash(application, instance)) || this.#ending) return;
    const restart = this.start(application, instance)
      .catch((cause: unknown) => {
        problem(this.#state, `restart of ${application}`, cause);
      })
      .finally(() => this.#restarts.delete(restart));
    this.#restarts.add(restart);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    for (const application of this.#applications.values()) application.journalCrashes();
    await Promise.all(this.#restarts);
    await Promise.all(
      [...this.#instances.keys()].map((key) => {
        const space = key.lastIndexOf(' ');
        return this.#end(key.slice(0, space), Number(key.slice(space + 1)));
      }),
    );
  }

  /** An instance hands over without end: the trial is over. */
  flooded(application: string, instance: number, handovers: number): void {
    const { life } = this.#slot(application, instance);
    const reason = `the adapter handed over more than ${String(handovers)} events`;
    this.#failed(application, instance, life, reason, true);
  }

  #failed(application: string, instance: number, life: Life, reason: string, over: boolean): void {
    const { history, clock } = this.#state;
    history.append('lifecycle', { at: clock.now(), application, instance, change: 'failed', reason });
    if (!over) return;
    life.over = true;
    this.#lost();
  }

  #slot(application: string, instance: number): Instance {
    const key = keyOf(application, instance);
    const slot: Instance = this.#instances.get(key) ?? {
      endpoint: undefined,
      life: { over: false },
      starting: undefined,
    };
    this.#instances.set(key, slot);
    return slot;
  }

  #take(application: string, instance: number): Endpoint | undefined {
    const slot = this.#instances.get(keyOf(application, instance));
    const endpoint = slot?.endpoint;
    if (slot !== undefined) slot.endpoint = undefined;
    return endpoint;
  }

  #row(application: string, instance: number, change: RowOf<'lifecycle'>['change'], reason = ''): void {
    this.#state.history.append('lifecycle', { at: this.#state.clock.now(), application, instance, change, reason });
  }
}

const keyOf = (application: string, instance: number): string => `${application} ${String(instance)}`;
