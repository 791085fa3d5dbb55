import { openReferenceBus } from '../bus/reference-bus.ts';
import type { Namespace, StartedBus } from '../bus/runtime/runtime.ts';
import { admin } from '../bus/security/spec.ts';
import { loadContracts, shorten } from '../contracts/index.ts';
import type { Service } from '../model/flow.ts';
import { topologyOf } from '../patterns/topology.ts';
import { interruptedCode, interruptible } from './interrupt.ts';
import { checkBusOptions, openBus, type BusOptions } from './open-bus.ts';

export interface BusUpOptions extends BusOptions {
  readonly contracts: string;
  readonly timeScale: number;
  readonly json?: boolean;
}

interface User {
  readonly application: string;
  readonly inboxPrefix: string;
  readonly credentials?: string;
}

/** The bus of a service for a developer: streams, consumers, users, audit and dead letters, until Ctrl-C, which is its good end. */
export async function busUpCommand(name: string, options: BusUpOptions): Promise<number> {
  checkBusOptions(options);
  let up = false;
  const code = await interruptible(async ({ signal }) => {
    const declared = (await loadContracts(options.contracts, [name])).services[0] as Service;
    signal.throwIfAborted();
    const { service } = shorten(declared, options.timeScale);
    const topology = topologyOf(service);
    await using bus = await openBus(options, say);
    await using namespace = await bus.namespace(topology);
    await using _reference = await openReferenceBus({
      namespace,
      service,
      topology,
      onProblem: (where, cause) => {
        say(`${where}: ${String(cause)}`);
      },
    });
    const names = [...service.applications.map((application) => application.name), admin];
    const users = await Promise.all(names.map((user) => describe(namespace, user)));
    signal.throwIfAborted();
    up = true;
    process.stdout.write(
      options.json === true ? json(service, bus, namespace, users) : page(service, bus, namespace, users),
    );
    await untilAborted(AbortSignal.any([signal, bus.failure]));
    bus.failure.throwIfAborted();
    return 0;
  });
  return up && code === interruptedCode ? 0 : code;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function describe(namespace: Namespace, user: string): Promise<User> {
  const credentials = await namespace.credentialsFile(user);
  return {
    application: user,
    inboxPrefix: namespace.inboxPrefix(user),
    ...(credentials === undefined ? {} : { credentials }),
  };
}

function json(service: Service, bus: StartedBus, { url }: Namespace, users: readonly User[]): string {
  const { runtime, serverVersion } = bus;
  return `${JSON.stringify({ service: service.name, url, runtime, serverVersion, users }, null, 2)}\n`;
}

/** Each user as the environment of its adapter. */
function page(service: Service, bus: StartedBus, { url }: Namespace, users: readonly User[]): string {
  const lines = users.flatMap(({ application, inboxPrefix, credentials }) => [
    '',
    application,
    `  BUS_URL=${url}`,
    ...(credentials === undefined ? [] : [`  BUS_CREDENTIALS=${credentials}`]),
    `  INBOX_PREFIX=${inboxPrefix}`,
  ]);
  return [
    `${service.title} on ${url} (nats-server ${bus.serverVersion}, ${bus.runtime})`,
    ...lines,
    '',
    'The credentials and all that is stored go with the bus. Ctrl-C ends it.',
    '',
  ].join('\n');
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    // A timer keeps the process alive: a listener alone does not.
    const alive = setInterval(() => undefined, 60_000);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
