import type { Application } from '../application.ts';
import type { AdapterFile } from './adapter-file.ts';
import type { BusAccess } from './environment.ts';
import type { Failed, Instance } from './instance.ts';
import type { Turns } from './turns.ts';

interface InstanceName {
  readonly application: string;
  readonly instance: number;
}

interface StartOptions extends InstanceName {
  readonly behind: Application;
  readonly log: (line: string) => void;
  readonly failed: Failed;
}

/** How far the start of an instance has come. */
export type OnStart = (application: string, state: 'starting' | 'healthy') => void;

export interface LaunchOptions {
  /** How an instance of an application meets the bus. */
  readonly access: (application: string, instance: number) => Promise<BusAccess>;
  /** Instances that run from the trial's start. */
  readonly first: readonly InstanceName[];
  /** What is known of an instance's connection to the bus. */
  readonly connection?: (application: string, instance: number) => string | undefined;
  readonly log: (line: string) => void;
  /** Trouble of the harness itself. */
  readonly problem: (where: string, cause: unknown) => void;
  readonly signal: AbortSignal;
}

export interface Launching {
  readonly adapter: AdapterFile;
  readonly instance: number;
  readonly options: LaunchOptions;
  readonly stays: ((instance: Instance) => void) | undefined;
}

export interface LaunchedOptions {
  readonly adapters: readonly AdapterFile[];
  readonly starts: Turns;
  readonly onStart: OnStart;
  readonly launch: (what: Launching) => Promise<Instance>;
  /** Instances that run at the end of a trial live on for the next. */
  readonly stays: boolean;
}

/** The adapters under test of one trial, or of several that follow one another. */
export class LaunchedAdapters implements AsyncDisposable {
  readonly #options: LaunchedOptions;
  /** Healthy, and not taken by the trial yet. */
  readonly #waiting = new Map<string, Instance>();
  readonly #all = new Set<Instance>();
  #trial: LaunchOptions | undefined;
  /** The trial as an instance knows it, which may live through several. */
  readonly #through: LaunchOptions;

  constructor(options: LaunchedOptions) {
    this.#options = options;
    const trial = (): LaunchOptions => {
      if (this.#trial === undefined) throw new RangeError('no trial has begun');
      return this.#trial;
    };
    this.#through = {
      access: (application, instance) => trial().access(application, instance),
      get first() {
        return trial().first;
      },
      connection: (application, instance) => trial().connection?.(application, instance),
      log: (line) => {
        trial().log(line);
      },
      problem: (where, cause) => {
        trial().problem(where, cause);
      },
      get signal() {
        return trial().signal;
      },
    };
  }

  /**
   * Launches the instances that run from a trial's start and are not there yet, each in its turn, and ends others; resolves once all of
   * them are healthy.
   */
  async begin(trial: LaunchOptions): Promise<void> {
    this.#trial = trial;
    const wanted = new Set(trial.first.map(({ application, instance }) => keyOf(application, instance)));
    for (const [key, instance] of this.#waiting) {
      if (wanted.has(key)) continue;
      this.#waiting.delete(key);
      await instance.stop();
    }
    const results = await Promise.allSettled(
      trial.first.map(async ({ application, instance }) => {
        const adapter = this.#adapterOf(application);
        const key = keyOf(application, instance);
        if (adapter === undefined || this.#waiting.has(key)) return;
        const { starts, onStart } = this.#options;
        await starts.take(async () => {
          onStart(application, 'starting');
          this.#waiting.set(key, await this.#start(adapter, instance));
          onStart(application, 'healthy');
        });
      }),
    );
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  /** Endpoints of the trial: an end that no adapter stands at is played by `others`. */
  over<E>(others: (options: StartOptions) => Promise<E>): (options: StartOptions) => Promise<E | Instance> {
    return async (options) => {
      const { application, instance, behind, failed } = options;
      const adapter = this.#adapterOf(application);
      if (adapter === undefined) return others(options);
      const key = keyOf(application, instance);
      const waiting = this.#waiting.get(key);
      this.#waiting.delete(key);
      waiting?.bind(behind, failed);
      return waiting ?? this.#start(adapter, instance, { behind, failed });
    };
  }

  /** @param trial that runs already: the instance may hand over, and end, before it is healthy */
  async #start(
    adapter: AdapterFile,
    instance: number,
    trial?: Pick<StartOptions, 'behind' | 'failed'>,
  ): Promise<Instance> {
    const key = keyOf(adapter.application, instance);
    const stays = this.#options.stays ? (one: Instance): void => void this.#waiting.set(key, one) : undefined;
    const launched = await this.#options.launch({ adapter, instance, options: this.#through, stays });
    this.#all.add(launched);
    if (trial !== undefined) launched.bind(trial.behind, trial.failed);
    await launched.healthy();
    return launched;
  }

  #adapterOf(name: string): AdapterFile | undefined {
    return this.#options.adapters.find(({ application }) => application === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance[Symbol.asyncDispose]()));
  }
}

const keyOf = (application: string, instance: number): string => `${application} ${String(instance)}`;
