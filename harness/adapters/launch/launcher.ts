import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';

import type { Service } from '../../model/flow.ts';
import { ApplicationServer } from '../http/application-server.ts';
import type { AdapterFile } from './adapter-file.ts';
import { startContainer } from './adapter-container.ts';
import { AdapterProcess } from './adapter-process.ts';
import { environmentOf } from './environment.ts';
import { Guard } from './guard.ts';
import { Instance } from './instance.ts';
import { LaunchedAdapters, type Launching, type LaunchOptions, type OnStart } from './launched-adapters.ts';
import { reservePort } from './ports.ts';
import { Turns } from './turns.ts';

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

  async #launch(
    what: Launching & { readonly service: Service; readonly contract: string; readonly answerMs: number },
  ): Promise<Instance> {
    const { adapter, instance, service, contract, options, stays } = what;
    const { log, problem, access } = options;
    const { start } = adapter;
    await using stack = new AsyncDisposableStack();
    const server = stack.use(
      await ApplicationServer.open({
        log,
        problem,
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
