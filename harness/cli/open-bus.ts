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
    ...(natsServer === undefined ? {} : { binary: natsServer }),
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
  if (/^(nats|tls):\/\//.test(bus)) {
    const { startExternal } = await import('../bus/runtime/external.ts');
    return startExternal({
      url: bus,
      ...(creds === undefined ? {} : { credentialsFile: creds }),
      ...(ca === undefined ? {} : { tls: { caFile: ca } }),
    });
  }
  throw new Problem('usage', `--bus ${bus} is no bus`, { next: 'give process, container, or a URL such as nats://localhost:4222' });
}
