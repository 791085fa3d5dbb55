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
   * Launches the adapters of a service's trials.
   * @param contract path of the effective document
   */
  over(service: Service, contract: string): (options: LaunchOptions) => Promise<LaunchedAdapters> {
    const adapters = this.#adapters.filter((adapter) => adapter.service === service.name);
    const longestMs = Math.max(0, ...service.flows.map(({ expiryMs = 0 }) => expiryMs));
    return async (options) => {
      const launched = new LaunchedAdapters(options, adapters, (adapter, instance, behind) =>
        this.#launch({ adapter, instance, behind, service, contract, answerMs: answerMs + longestMs, options }),
      );
      try {
        await launched.first(this.#starts, this.#onStart);
        return launched;
      } catch (cause) {
        await launched[Symbol.asyncDispose]();
        throw cause;
      }
    };
  }

  async #launch(what: {
    readonly adapter: AdapterFile;
    readonly instance: number;
    readonly behind: Application | undefined;
    readonly service: Service;
    readonly contract: string;
    readonly answerMs: number;
    readonly options: LaunchOptions;
  }): Promise<Instance> {
    const { adapter, instance, behind, service, contract, options } = what;
    const { log, problem, access, signal } = options;
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
    const made = { adapter, instance, answerMs: what.answerMs, log, connection, signal, server };
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

type Launching = (adapter: AdapterFile, instance: number, behind: Application | undefined) => Promise<Instance>;

/** The adapters under test of one trial. */
class LaunchedAdapters implements AsyncDisposable {
  readonly #options: LaunchOptions;
  readonly #adapters: readonly AdapterFile[];
  readonly #launch: Launching;
  /** Healthy, and not taken by the trial yet. */
  readonly #waiting = new Map<string, Instance>();
  readonly #all = new Set<Instance>();

  constructor(options: LaunchOptions, adapters: readonly AdapterFile[], launch: Launching) {
    this.#options = options;
    this.#adapters = adapters;
    this.#launch = launch;
  }

  /** Launches the instances that run from the start, each in its turn; resolves once all of them are healthy. */
  async first(turns: Turns, onStart: OnStart): Promise<void> {
    const results = await Promise.allSettled(
      this.#options.first.map(async ({ application, instance }) => {
        const adapter = this.#adapterOf(application);
        if (adapter === undefined) return;
        await turns.take(async () => {
          onStart(application, 'starting');
          this.#waiting.set(keyOf(application, instance), await this.#start(adapter, instance));
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
    const launched = await this.#launch(adapter, instance, behind);
    this.#all.add(launched);
    await launched.healthy();
    return launched;
  }

  #adapterOf(name: string): AdapterFile | undefined {
    return this.#adapters.find(({ application }) => application === name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((instance) => instance[Symbol.asyncDispose]()));
  }
}

const keyOf = (application: string, instance: number): string => `${application} ${String(instance)}`;
