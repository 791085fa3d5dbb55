import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Problem } from '../../model/errors.ts';
import { mintOperator, type Operator } from '../security/operator.ts';
import type { NamespaceSpec } from '../security/spec.ts';
import { findServer } from './binary/find.ts';
import type { Progress } from './binary/source.ts';
import { serverConfig } from './config.ts';
import { freshFolder } from './folder.ts';
import { AccountResolver } from './resolver.ts';
import type { BusControl, Namespace, StartedBus } from './runtime.ts';
import { ServerProcess, tailOf, type Listening, type ServerFiles } from './server.ts';
import { Watchdog } from './watchdog.ts';

export interface ProcessOptions {
  /** Path of a nats-server; default: see `findServer`. */
  readonly binary?: string;
  /** Port for clients on the loopback interface; default a free one that the server picks itself. */
  readonly port?: number;
  /** Flush each message to the disk before it is acknowledged. */
  readonly syncAlways?: boolean;
  readonly progress?: Progress;
}

/** Starts a nats-server of our own on the loopback interface, with a store that goes when it ends. */
export async function startProcess(options: ProcessOptions = {}): Promise<StartedBus> {
  const [binary, operator] = await Promise.all([
    findServer({
      ...(options.binary !== undefined && { configured: options.binary }),
      ...(options.progress && { progress: options.progress }),
    }),
    mintOperator(),
  ]);
  const folder = await freshFolder();
  const files = { binary: binary.path, config: join(folder, 'server.conf'), folder, log: join(folder, 'server.log') };
  const bus = new ProcessBus(files, operator, options.syncAlways ?? false);
  try {
    // The watchdog knows of it by now: whenever this process is killed, it is removed.
    await mkdir(folder, { mode: 0o700 });
    await bus.open(options.port ?? -1);
    return bus;
  } catch (error) {
    await bus[Symbol.asyncDispose]();
    throw error;
  }
}

class ProcessBus implements StartedBus {
  readonly runtime = 'process';
  readonly control: BusControl = {
    kill: () => this.#end(),
    start: () => this.#start(Number(new URL(this.url).port), Number(new URL(this.monitorUrl).port)),
    pause: async () => this.#server?.pause(),
    resume: async () => this.#server?.resume(),
  };
  readonly #files: ServerFiles;
  readonly #operator: Operator;
  readonly #resolver: AccountResolver;
  readonly #syncAlways: boolean;
  readonly #watchdog: Watchdog;
  readonly #failure = new AbortController();
  #server: ServerProcess | undefined;
  #version = '';
  #listening: Listening = { url: '', monitorUrl: '' };

  constructor(files: ServerFiles, operator: Operator, syncAlways: boolean) {
    this.#files = files;
    this.#operator = operator;
    this.#resolver = new AccountResolver(operator, files.folder);
    this.#syncAlways = syncAlways;
    this.#watchdog = new Watchdog();
    this.#watchdog.guard({ folder: files.folder });
  }

  open(port: number): Promise<void> {
    return this.#start(port, -1);
  }

  get url(): string {
    return this.#listening.url;
  }

  get monitorUrl(): string {
    return this.#listening.monitorUrl;
  }

  get serverVersion(): string {
    return this.#version;
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  logTail(): Promise<string> {
    return tailOf(this.#files.log);
  }

  async namespace(spec: NamespaceSpec): Promise<Namespace> {
    this.failure.throwIfAborted();
    return this.#resolver.namespace(this.url, spec);
  }

  async #start(port: number, monitorPort: number): Promise<void> {
    const { folder, config } = this.#files;
    const text = serverConfig({
      operator: this.#operator,
      host: '127.0.0.1',
      port,
      monitorPort,
      folder,
      syncAlways: this.#syncAlways,
    });
    await writeFile(config, text, { mode: 0o600 });
    const { server, listening } = await ServerProcess.start(this.#files, this.#watchdog);
    this.#server = server;
    this.#listening = listening;
    void server.exited.then((how) => this.#onExit(server, how));
    this.#version = await this.#resolver.connect(this.url);
  }

  /** An end that nobody asked for: `#end` has let go of the server before it kills it. */
  async #onExit(server: ServerProcess, how: string): Promise<void> {
    if (this.#server !== server) return;
    this.#server = undefined;
    this.#watchdog.guard({ folder: this.#files.folder });
    const tail = await this.logTail();
    this.#failure.abort(
      new Problem('environment', `The reference bus ended by itself (${how}). The end of its log:\n${tail}`, {
        next: 'Look for what ended it (memory, disk, another program), and run again.',
      }),
    );
  }

  async #end(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await this.#resolver.disconnect();
    await server?.kill();
    this.#watchdog.guard({ folder: this.#files.folder });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end();
    await rm(this.#files.folder, { recursive: true, force: true });
    await this.#watchdog.dismiss();
  }
}
