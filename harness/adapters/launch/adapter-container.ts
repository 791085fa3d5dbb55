import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';

import { containerEngine, ownerLabels, ownLabel, sweepLeftovers } from '../../bus/runtime/container/engine.ts';
import { Watchdog } from '../../bus/runtime/watchdog.ts';
import { Problem } from '../../model/errors.ts';
import { Output } from './output.ts';
import type { Exit, Run } from './run.ts';

/** Where the credentials stand inside: the user of the image may be another than the one who owns the file here. */
const credentialsInside = '/busworthy/bus.creds';

export interface ContainerOptions {
  readonly image: string;
  /** In place of the image's own; empty for that. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Folder of the effective document; it has the same path inside. */
  readonly contracts: string;
  readonly onLine: (line: string) => void;
}

/** Starts an adapter's container on the network of this machine, so that all addresses are the same inside. Throws a Problem. */
export async function startContainer(options: ContainerOptions): Promise<Run> {
  const { image, command, environment, contracts, onLine } = options;
  const { GenericContainer } = await import('testcontainers');
  const engine = await containerEngine();
  await sweepLeftovers(engine);
  const output = new Output(onLine);
  const { BUS_CREDENTIALS: credentials, BUS_CA, BUS_CERT, BUS_KEY } = environment;
  const folders = new Set([
    contracts,
    ...[BUS_CA, BUS_CERT, BUS_KEY].flatMap((file) => (file === undefined ? [] : [dirname(file)])),
  ]);
  const container = new GenericContainer(image)
    .withNetworkMode('host')
    .withEnvironment({ ...environment, ...(credentials !== undefined && { BUS_CREDENTIALS: credentialsInside }) })
    .withBindMounts([...folders].map((folder) => ({ source: folder, target: folder, mode: 'ro' as const })))
    .withLabels({ ...ownerLabels })
    .withLogConsumer((stream) => output.read(stream instanceof Readable ? stream : Readable.from(stream)))
    .withAutoCleanup(false);
  if (command.length > 0) container.withCommand([...command]);
  if (credentials !== undefined) {
    const content = await readFile(credentials, 'utf8');
    container.withCopyContentToContainer([{ content, target: credentialsInside, mode: 0o444 }]);
  }
  const watchdog = new Watchdog();
  watchdog.guard({ label: ownLabel });
  const started = await container.start().catch(async (cause: unknown) => {
    await watchdog.dismiss();
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('environment', `the image ${image} could not be started: ${said}`, {
      next: 'build or pull it, and check that the engine can start it: docker run --rm IMAGE',
      cause,
    });
  });
  const handle = engine.container.getById(started.getId());
  const exited = (handle.wait() as Promise<{ readonly StatusCode: number }>)
    .then(
      ({ StatusCode: code }): Exit => ({ how: `ended with exit code ${String(code)}`, clean: code === 0 }),
      (): Exit => ({ how: 'is no longer known to the container engine', clean: false }),
    )
    .then(async (exit) => {
      await handle.remove({ force: true, v: true }).catch(() => undefined);
      await watchdog.dismiss();
      return exit;
    });
  // One that has ended already takes no signal.
  const signal = (name: string): void => void handle.kill({ signal: name }).catch(() => undefined);
  return { output, exited, terminate: () => signal('SIGTERM'), kill: () => signal('SIGKILL') };
}
