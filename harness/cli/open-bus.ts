import { resolve } from 'node:path';
import { Problem } from '../model/errors.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';

export interface BusOptions {
  readonly bus: string;
  readonly natsServer?: string;
  readonly creds?: string;
  readonly ca?: string;
  readonly port?: number;
}

/** Starts, or connects to, the bus that the command line names. `progress` gets lines such as those of a download. */
export async function openBus(options: BusOptions, progress: (line: string) => void): Promise<StartedBus> {
  const { bus, natsServer, creds, ca, port } = options;
  const own = {
    progress,
    ...(natsServer === undefined ? {} : { binary: resolve(natsServer) }),
    ...(port === undefined ? {} : { port }),
  };
  if (bus === 'process') {
    const { startProcess } = await import('../bus/runtime/process.ts');
    return startProcess(own);
  }
  if (bus === 'container') {
    const { startContainer } = await import('../bus/runtime/container.ts');
    return startContainer(own);
  }
  const { startExternal } = await import('../bus/runtime/external.ts');
  return startExternal({
    url: bus,
    ...(creds === undefined ? {} : { credentialsFile: creds }),
    ...(ca === undefined ? {} : { tls: { caFile: ca } }),
  });
}

/**
 * Does `work` while the server of the bus is looked for: fetching it takes seconds. Gives what came of the work, and the options with
 * the server that was found. Trouble of the work comes before trouble of the search.
 */
export async function findBeside<T>(
  options: BusOptions,
  progress: (line: string) => void,
  work: () => Promise<T>,
): Promise<{ readonly done: T; readonly found: BusOptions }> {
  if (options.bus !== 'process' || options.natsServer !== undefined) return { done: await work(), found: options };
  const { findServer } = await import('../bus/runtime/binary/find.ts');
  const [done, server] = await Promise.allSettled([work(), findServer({ progress })]);
  if (done.status === 'rejected') throw done.reason;
  if (server.status === 'rejected') throw server.reason;
  return { done: done.value, found: { ...options, natsServer: server.value.path } };
}

const isUrl = (bus: string): boolean =>
  bus
    .split(',')
    .every(
      (server) =>
        /^(nats|tls):$/.test(URL.parse(server.trim())?.protocol ?? '') && URL.parse(server.trim())?.hostname !== '',
    );

/** Refuses a bus that is none, and options that say nothing about the one that is named: a command does not leave out what it was asked. */
export function checkBusOptions({ bus, natsServer, creds, ca, port }: BusOptions): void {
  const ours = bus === 'process' || bus === 'container';
  if (!ours && !isUrl(bus)) {
    throw new Problem('usage', `--bus ${bus} is no bus`, {
      next: 'give process, container, or a URL such as nats://localhost:4222',
    });
  }
  if (!ours && bus.includes('@')) {
    throw new Problem('usage', '--bus takes no user or password in its URL', {
      next: 'give a .creds file with --creds',
    });
  }
  const idle = ours ? { '--creds': creds, '--ca': ca } : { '--nats-server': natsServer, '--port': port };
  for (const [option, value] of Object.entries(idle)) {
    if (value === undefined) continue;
    throw new Problem('usage', `${option} says nothing about --bus ${bus}`, {
      next: ours
        ? `leave ${option} out, or name the bus that it is for: --bus nats://HOST:PORT`
        : `leave ${option} out: it is for a bus that is started here`,
    });
  }
}
