import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';

import type { Service } from '../../model/flow.ts';
import type { Application } from '../application.ts';
import { ApplicationServer } from '../http/application-server.ts';
import type { AdapterFile } from './adapter-file.ts';
import { startContainer } from './adapter-container.ts';
import { AdapterProcess } from './adapter-process.ts';
import { environmentOf, type BusAccess } from './environment.ts';
import { Guard } from './guard.ts';
import { Instance, type Failed } from './instance.ts';
import { reservePort } from './ports.ts';
import { Turns } from './turns.ts';

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

/** A start keeps a core busy, and takes it from the adapters of other trials, which then answer late. */
const startsAtOnce = availableParallelism();

/** Longest answer to an application's POST that no flow's expiry prolongs. */
const answerMs = 30_000;

/** Starts the adapters under test of a run; nothing of them is left once it is disposed, or its process has ended. */
export class Launcher implements AsyncDisposable {
  readonly #adapters: readonly AdapterFile[];
  readonly #onStart: OnStart;
  readonly #guard = new Guard();
  readonly #starts = new Turns(startsAtOnce);

  /** @param onStart hears of each instance that is started before its trial's time begins */
  constructor(adapters: readonly AdapterFile[], onStart: OnStart = () => undefined) {
    this.#adapters = adapters;
    this.#onStart = onStart;
  }

  /**
   * Launches the adapters of a service's trials, anew for each.
   * @param contract path of the effective document
   */
  over(service: Service, contract: string): (options: LaunchOptions) => Promise<LaunchedAdapters> {
    return async (options) => {
      const launched = this.#launched(service, contract, false);
      try {
        await launched.begin(options);
        return launched;
      } catch (cause) {
        await launched[Symbol.asyncDispose]();
        throw cause;
      }
    };
  }

  /** The same for adapters that live on from one trial of an account to the next, until they are disposed of. */
  keep(service: Service, contract: string): LaunchedAdapters {
    return this.#launched(service, contract, true);
  }

  #launched(service: Service, contract: string, stays: boolean): LaunchedAdapters {
    const adapters = this.#adapters.filter((adapter) => adapter.service === service.name);
    const longestMs = Math.max(0, ...service.flows.map(({ expiryMs = 0 }) => expiryMs));
    const common = { service, contract, answerMs: answerMs + longestMs };
    return new LaunchedAdapters({
      adapters,
      starts: this.#starts,
      onStart: this.#onStart,
      launch: (what) => this.#launch({ ...common, ...what }),
      stays,
    });
  }

  async #launch(what: {
    readonly adapter: AdapterFile;
    readonly instance: number;
    readonly behind: Application | undefined;
    readonly service: Service;
    readonly contract: string;
    readonly answerMs: number;
    readonly options: LaunchOptions;
    readonly stays: ((instance: Instance) => void) | undefined;
  }): Promise<Instance> {
    const { adapter, instance, behind, service, contract, options, stays } = what;
    const { log, problem, access } = options;
    const { start } = adapter;
    await using stack = new AsyncDisposableStack();
    const server = stack.use(
      await ApplicationServer.open({
        log,
        problem,
        ...(behind !== undefined && { behind }),
        ...(start.by === 'url' && { port: start.applicationPort }),
      }),
    );
    const connection = (): string | undefined => options.connection?.(adapter.application, instance);
    const made = {
      adapter,
      instance,
      answerMs: what.answerMs,
      log,
      connection,
      signal: () => options.signal,
      server,
      ...(stays === undefined ? {} : { stays }),
    };
    if (start.by === 'url') return new Instance({ ...made, url: start.url, kept: stack.move() });
    const { port: listenPort } = stack.use(await reservePort());
    const environment = await environmentOf({
      adapter,
      service,
      contract,
      bus: await access(adapter.application, instance),
      listenPort,
      applicationUrl: server.url,
    });
    const run =
      start.by === 'command'
        ? new AdapterProcess({ ...start, environment, guard: this.#guard, onLine: log })
        : await startContainer({ ...start, environment, contracts: dirname(contract), onLine: log });
    return new Instance({ ...made, url: `http://127.0.0.1:${String(listenPort)}`, run, kept: stack.move() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guard[Symbol.asyncDispose]();
  }
}

interface Launching {
  readonly adapter: AdapterFile;
  readonly instance: number;
  readonly behind: Application | undefined;
  readonly options: LaunchOptions;
  readonly stays: ((instance: Instance) => void) | undefined;
}

interface LaunchedOptions {
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
      // One that starts while the trial runs may hand over before it is healthy.
      const launched = this.#waiting.get(key) ?? (await this.#start(adapter, instance, behind));
      this.#waiting.delete(key);
      launched.bind(behind, failed);
      return launched;
    };
  }

  async #start(adapter: AdapterFile, instance: number, behind?: Application): Promise<Instance> {
    const key = keyOf(adapter.application, instance);
    const stays = this.#options.stays ? (one: Instance): void => void this.#waiting.set(key, one) : undefined;
    const launched = await this.#options.launch({ adapter, instance, behind, options: this.#through, stays });
    this.#all.add(launched);
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
