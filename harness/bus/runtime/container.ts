import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';

import { Problem } from '../../model/errors.ts';
import { mintOperator, type Operator } from '../security/operator.ts';
import type { NamespaceSpec } from '../security/spec.ts';
import type { Progress } from './binary/source.ts';
import { serverConfig } from './config.ts';
import { containerEngine, sweepLeftovers } from './container/engine.ts';
import { serverImage } from './container/image.ts';
import { untilHealthy } from './health.ts';
import { AccountResolver } from './resolver.ts';
import type { BusControl, Namespace, StartedBus } from './runtime.ts';
import { Watchdog } from './watchdog.ts';

export interface ContainerOptions {
  /** An image whose entry point is nats-server; default one built from this machine's binary. */
  readonly image?: string;
  /** Path of the nats-server that the image is built from; default: see `findServer`. */
  readonly binary?: string;
  /** Port of the host for clients; default a free one. */
  readonly port?: number;
  /** Flush each message to the disk before it is acknowledged. */
  readonly syncAlways?: boolean;
  readonly progress?: Progress;
}

/**
 * Starts a nats-server in a container of the engine that answers here. Throws an `environment` problem where none does.
 * The image is kept for the next time; the container and its store go with the bus.
 */
export async function startContainer(options: ContainerOptions = {}): Promise<StartedBus> {
  const engine = await containerEngine();
  const { addressOf, createContainer, inside } = await import('./container/create.ts');
  const [image, operator] = await Promise.all([
    options.image ??
      serverImage(engine, {
        ...(options.binary !== undefined && { configured: options.binary }),
        ...(options.progress && { progress: options.progress }),
      }),
    mintOperator(),
    sweepLeftovers(engine),
  ]);
  const config = serverConfig({
    operator,
    host: '0.0.0.0',
    port: inside.clientPort,
    monitorPort: inside.monitorPort,
    folder: inside.folder,
    syncAlways: options.syncAlways ?? false,
  });
  const container = await createContainer(engine, { image, config, port: options.port });
  const host = addressOf(engine) ?? container.getHost();
  const at = (scheme: string, port: number): string => `${scheme}://${host}:${String(container.getMappedPort(port))}`;
  const folder = await mkdtemp(join(tmpdir(), 'busworthy-bus-'));
  const bus = new ContainerBus(engine.container.getById(container.getId()), operator, folder, {
    bus: at('nats', inside.clientPort),
    monitor: at('http', inside.monitorPort),
  });
  try {
    await bus.open();
    return bus;
  } catch (error) {
    await bus[Symbol.asyncDispose]();
    throw error;
  }
}

/** A container, as the engine's client has it. */
type EngineContainer = ReturnType<ContainerRuntimeClient['container']['getById']>;

const healthyTimeoutMs = 15_000;
const logTailLines = 12;

class ContainerBus implements StartedBus {
  readonly runtime = 'container';
  readonly url: string;
  readonly monitorUrl: string;
  readonly control: BusControl = {
    kill: () => this.#kill(),
    start: () => this.#start(),
    pause: () => this.#container.pause().then(() => undefined),
    resume: () => this.#container.unpause().then(() => undefined),
  };
  readonly #container: EngineContainer;
  readonly #resolver: AccountResolver;
  readonly #folder: string;
  readonly #watchdog = new Watchdog();
  readonly #failure = new AbortController();
  #version = '';
  /** Resolves when the server has ended; undefined while none is meant to run. */
  #running: Promise<void> | undefined;

  constructor(container: EngineContainer, operator: Operator, folder: string, urls: { bus: string; monitor: string }) {
    this.#container = container;
    this.#resolver = new AccountResolver(operator, folder);
    this.#folder = folder;
    this.url = urls.bus;
    this.monitorUrl = urls.monitor;
    this.#watchdog.guard({ container: container.id, folder });
  }

  open(): Promise<void> {
    return this.#untilReady();
  }

  get serverVersion(): string {
    return this.#version;
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  async logTail(): Promise<string> {
    const frames = await this.#container.logs({ stdout: true, stderr: true, tail: logTailLines, follow: false });
    return withoutFrames(frames).trimEnd();
  }

  async namespace(spec: NamespaceSpec): Promise<Namespace> {
    this.failure.throwIfAborted();
    return this.#resolver.namespace(this.url, spec);
  }

  async #start(): Promise<void> {
    // clients that knocked while it was down make the kernel wait 1 s before it looks for the container's address again
    await this.#container.start();
    await this.#untilReady();
  }

  async #untilReady(): Promise<void> {
    const running = this.#container.wait().then(() => undefined);
    this.#running = running;
    running.then(
      () => this.#onExit(running),
      // the engine went away: so does the server
      () => this.#onExit(running),
    );
    if (await untilHealthy(this.monitorUrl, healthyTimeoutMs, this.failure)) {
      this.#version = await this.#resolver.connect(this.url);
      return;
    }
    this.failure.throwIfAborted();
    throw new Problem('environment', `The reference bus was not healthy at ${this.monitorUrl} within 15 s.`, {
      next: 'Check that ports published by the container engine can be reached from here.',
    });
  }

  /** An end that nobody asked for: `#kill` has let go of the server before it kills it. */
  async #onExit(running: Promise<void>): Promise<void> {
    if (this.#running !== running) return;
    this.#running = undefined;
    const tail = await this.logTail().catch(() => '(the engine does not answer)');
    this.#failure.abort(
      new Problem('environment', `The reference bus's container ended by itself. The end of its log:\n${tail}`, {
        next: 'Look for what ended it (memory, disk, the engine), and run again.',
      }),
    );
  }

  async #kill(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    if (running === undefined) return;
    await this.#resolver.disconnect();
    await this.#container.kill({ signal: 'SIGKILL' });
    await running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#running = undefined;
    await this.#resolver.disconnect();
    await this.#container.remove({ force: true, v: true });
    await rm(this.#folder, { recursive: true, force: true });
    await this.#watchdog.dismiss();
  }
}

/** The engine puts 8 bytes before each piece of a log: which stream, and the length (big-endian, from byte 4). */
function withoutFrames(log: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= log.length;) {
    const length = log.readUInt32BE(at + 4);
    parts.push(log.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(parts).toString();
}
