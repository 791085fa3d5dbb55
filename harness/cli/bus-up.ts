import { openReferenceBus } from '../bus/reference-bus.ts';
import { admin } from '../bus/security/spec.ts';
import { loadContracts, shorten } from '../contracts/index.ts';
import { Problem } from '../model/errors.ts';
import { topologyOf } from '../patterns/topology.ts';
import { interruptible } from './interrupt.ts';
import { openBus, type BusOptions } from './open-bus.ts';

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

/** The bus of a service for a developer: streams, consumers, users, audit and dead letters, until Ctrl-C. */
export async function busUpCommand(name: string, options: BusUpOptions): Promise<number> {
  using interrupt = interruptible();
  const { services } = await loadContracts(options.contracts);
  const declared = services.find((service) => service.name === name);
  if (declared === undefined) {
    throw new Problem('usage', `there is no service ${name}`, { next: `give one of ${services.map((service) => service.name).join(', ')}` });
  }
  const { service } = shorten(declared, options.timeScale);
  const topology = topologyOf(service);
  await using bus = await openBus(options, (line) => process.stderr.write(`${line}\n`));
  await using namespace = await bus.namespace(topology);
  await using _reference = await openReferenceBus({
    namespace,
    service,
    topology,
    onProblem: (where, cause) => process.stderr.write(`${where}: ${String(cause)}\n`),
  });
  const users = await Promise.all([...service.applications.map((application) => application.name), admin].map(describe));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ service: name, url: namespace.url, users }, null, 2)}\n`);
  else {
    process.stdout.write(`${service.title} on ${namespace.url} (nats-server ${bus.serverVersion}, ${bus.runtime})\n\n`);
    for (const user of users) {
      process.stdout.write(
        `${user.application}\n  BUS_CREDENTIALS=${user.credentials ?? '(none)'}\n  INBOX_PREFIX=${user.inboxPrefix}\n`,
      );
    }
    process.stdout.write('\nThe credentials go with the bus. Ctrl-C ends it.\n');
  }
  await untilAborted(AbortSignal.any([interrupt.signal, bus.failure]));
  bus.failure.throwIfAborted();
  return 0;

  async function describe(user: string): Promise<User> {
    const credentials = await namespace.credentialsFile(user);
    return {
      application: user,
      inboxPrefix: namespace.inboxPrefix(user),
      ...(credentials === undefined ? {} : { credentials }),
    };
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
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

