import { createCheck } from '../../../contracts/validate/check.ts';
import { Problem, Problems } from '../../../model/errors.ts';
import type { Steps } from '../../../patterns/steps.ts';
import { startAdapter, type StartedAdapter } from '../../adapter.ts';
import { AdapterServer } from '../../http/adapter-server.ts';
import { ApplicationClient } from '../../http/application-client.ts';
import { readContract } from './contract.ts';
import { readEnvironment, type Environment } from './environment.ts';
import { standardHabits, type Habits } from './habits.ts';

/** How long what is in hand may take once the adapter is told to end; the port gives it 10 s. */
const finishMs = 9000;

/**
 * The reference adapter as a program: reads its environment, runs until SIGTERM or SIGINT, and exits with 0; with 2 where it cannot
 * start. It logs to stdout, without content.
 * @param steps others than the standard ones make a faulty adapter, and so do other habits
 */
export async function runReferenceAdapter(steps?: Steps, habits: Habits = standardHabits): Promise<void> {
  const told = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => told.resolve());
  const fail = (cause: unknown, code: number): void => {
    log(said(cause));
    process.exit(code);
  };
  // A trace could quote content.
  process.on('uncaughtException', (cause) => fail(cause, 1));
  process.stdout.on('error', () => undefined);
  try {
    const environment = readEnvironment(process.env);
    const server = await AdapterServer.open(environment.listenPort, log);
    const starting = start(environment, server, habits, steps);
    const started = await Promise.race([starting, told.promise]);
    await told.promise;
    log('stopping');
    const enough = new Promise((resolve) => setTimeout(resolve, finishMs));
    const finished = (): Promise<void> => (started === undefined ? Promise.resolve() : finish(started, server));
    process.exit(await habits.end(() => Promise.race([finished(), enough]).then(() => undefined)));
  } catch (cause) {
    fail(cause, 2);
  }
}

async function start(
  environment: Environment,
  server: AdapterServer,
  habits: Habits,
  steps?: Steps,
): Promise<StartedAdapter> {
  const service = await readContract(environment);
  log(`starting: ${environment.role} ${environment.application} of ${environment.service}`);
  const adapter = await startAdapter({
    ...environment.bus,
    service,
    application: environment.application,
    behind: habits.back(new ApplicationClient(environment.applicationUrl), log),
    check: createCheck(service),
    ...(steps !== undefined && { steps }),
    wallClock: () => Date.now(),
    log,
  });
  server.bind(habits.front(adapter, log));
  await habits.beside(environment, adapter);
  log('ready');
  return adapter;
}

/** Takes no more from the bus nor from the application, and ends what is in hand. */
async function finish(adapter: StartedAdapter, server: AdapterServer): Promise<void> {
  await Promise.all([server.close(), adapter.stop()]);
}

function log(line: string): void {
  process.stdout.write(`${line.replaceAll(/\s+/g, ' ')}\n`);
}

/** One line, without a stack. What is no Problem may quote anything: its kind alone is told. */
function said(cause: unknown): string {
  if (cause instanceof Problem) return `cannot start: ${cause.message}; ${cause.next}`;
  if (cause instanceof Problems) return `cannot start: ${cause.problems.map(({ message }) => message).join('; ')}`;
  return `cannot go on: ${cause instanceof Error ? cause.name : typeof cause}`;
}
