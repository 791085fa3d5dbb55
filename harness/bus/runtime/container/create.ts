import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';

import { GenericContainer, Wait, type ContainerRuntimeClient, type StartedTestContainer } from 'testcontainers';

import { Problem } from '../../../model/errors.ts';
import { ownerLabels } from './engine.ts';
import { freePorts } from './ports.ts';

/** Ports inside the container, and the folder with configuration and store. */
export const inside = { clientPort: 4222, monitorPort: 8222, folder: '/bus' } as const;

export interface ContainerSpec {
  readonly image: string;
  /** text of the server's configuration */
  readonly config: string;
  /** port of the host for clients; default a free one */
  readonly port: number | undefined;
}

const startTimeoutMs = 30_000;
const portAttempts = 3;

/**
 * Starts the server's container. Its ports on the host are fixed, for the engine would map new ones at each restart, and
 * not open to other machines, unless the engine is on one.
 */
export async function createContainer(
  engine: ContainerRuntimeClient,
  spec: ContainerSpec,
): Promise<StartedTestContainer> {
  for (let attempt = 1; ; attempt++) {
    const [free = 0, monitorPort = 0] = await freePorts(2);
    const port = spec.port ?? free;
    const log: string[] = [];
    const name = `busworthy-${randomUUID()}`;
    try {
      return await container(engine, spec, { port, monitorPort }, log).withName(name).start();
    } catch (cause) {
      // the library leaves one that was created and could not be started
      await engine.container
        .getById(name)
        .remove({ force: true, v: true })
        .catch(() => undefined);
      if (!isPortTaken(cause)) throw notStarted(cause, log);
      if (spec.port !== undefined) throw portTaken(spec.port, cause);
      if (attempt === portAttempts) throw notStarted(cause, log);
    }
  }
}

function container(
  engine: ContainerRuntimeClient,
  spec: ContainerSpec,
  host: { readonly port: number; readonly monitorPort: number },
  log: string[],
): GenericContainer {
  return new BusContainer(spec.image)
    .onAddress(addressOf(engine))
    .withExposedPorts(
      { container: inside.clientPort, host: host.port },
      { container: inside.monitorPort, host: host.monitorPort },
    )
    .withCopyContentToContainer([{ content: spec.config, target: `${inside.folder}/server.conf` }])
    .withCommand(['--config', `${inside.folder}/server.conf`])
    .withLabels({ ...ownerLabels })
    .withLogConsumer((stream) => stream.on('data', (line: string | Buffer) => log.push(String(line).trimEnd())))
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
    .withStartupTimeout(startTimeoutMs)
    .withAutoCleanup(false);
}

class BusContainer extends GenericContainer {
  #address: string | undefined;

  /** The library publishes on every interface and has no setting for it. */
  onAddress(address: string | undefined): this {
    this.#address = address;
    return this;
  }

  protected override beforeContainerCreated = async (): Promise<void> => {
    const address = this.#address;
    if (address === undefined) return;
    const published = (this.hostConfig.PortBindings ?? {}) as Record<string, { HostPort: string }[]>;
    this.hostConfig.PortBindings = Object.fromEntries(
      Object.entries(published).map(([port, bindings]) => [
        port,
        bindings.map((binding) => ({ ...binding, HostIp: address })),
      ]),
    );
  };
}

/** The one address of the engine's host to publish on; undefined, for all, where the engine is on another machine. */
export function addressOf(engine: ContainerRuntimeClient): string | undefined {
  const { host } = engine.info.containerRuntime;
  if (host === 'localhost') return '127.0.0.1';
  // inside a container with the engine's socket it is the bridge's address, which outside can't be reached
  return isIP(host) !== 0 && !/^(tcp|https?|ssh):/.test(process.env['DOCKER_HOST'] ?? '') ? host : undefined;
}

const isPortTaken = (cause: unknown): boolean =>
  /port is already allocated|address already in use|ports are not available/i.test(String(cause));

function portTaken(port: number, cause: unknown): Problem {
  return new Problem('environment', `The reference bus cannot listen on port ${String(port)}: it is in use.`, {
    next: 'End the program that listens there, or choose another port; without a chosen port a free one is taken.',
    cause,
  });
}

function notStarted(cause: unknown, log: readonly string[]): Problem {
  const said = cause instanceof Error ? cause.message : String(cause);
  const tail = log.slice(-12).join('\n') || '(empty)';
  return new Problem(
    'environment',
    `The reference bus's container did not start: ${said}\nThe end of its log:\n${tail}`,
    {
      next: 'Check that the engine can start containers: docker run --rm hello-world',
      cause,
    },
  );
}
