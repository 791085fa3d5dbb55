import { watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  adapterPath,
  readAdapterFile,
  adapterOf,
  serviceOf,
  type AdapterFile,
} from '../adapters/launch/adapter-file.ts';
import { startClock } from '../engine/clock.ts';
import { readJournal } from '../evidence/journal-reader.ts';
import { loadContracts, loadPortRules, serviceNames } from '../contracts/index.ts';
import { judges, rolesIn, type Catalogue, type ClauseId, type Role } from '../model/clause.ts';
import type { Service } from '../model/flow.ts';
import type { Run } from '../model/run.ts';
import { consoleAnswer } from '../../reports/console.ts';
import { mendingList, mends } from '../../reports/mending.ts';
import { runJson } from '../../reports/run-json.ts';
import { coloured } from './colour.ts';
import { columnsOf } from './columns.ts';
import { FirstLook } from './first-look.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { knownName } from './known.ts';
import { checkBusOptions } from './open-bus.ts';
import type { RunOptions } from './run-options.ts';
import { performRun } from './run.ts';
import { report } from './trouble.ts';

/** What shows whether anything goes through, and how long it is waited for. */
const firstScenario = 'happy-flow';
const firstLimitMs = 5000;

export interface AdapterCheckOptions extends Omit<RunOptions, 'adapter' | 'throughAdapters'> {
  readonly watch?: boolean;
  readonly verbose?: boolean;
}

/** Checks one adapter: whether it can be spoken to at all, then every clause of its roles; ends with what is to be mended, in order. */
export function adapterCheckCommand(file: string, options: AdapterCheckOptions): Promise<number> {
  checkBusOptions(options);
  return interruptible(async (interrupt) => {
    if (options.watch !== true) return check(file, options, interrupt);
    const folder = dirname(resolve(await adapterPath(file)));
    for (;;) {
      const changed = untilChanged(folder, interrupt.signal);
      try {
        await check(file, options, interrupt);
      } catch (cause) {
        interrupt.signal.throwIfAborted();
        report(cause, options.verbose ?? false);
      }
      process.stderr.write('\nwaiting for a change of its files (Ctrl-C ends)\n');
      await changed();
      interrupt.signal.throwIfAborted();
    }
  });
}

async function check(file: string, options: AdapterCheckOptions, interrupt: Interrupt): Promise<number> {
  const talk = options.json === true ? process.stderr : process.stdout;
  const say = (line: string): void => void talk.write(`${line}\n`);
  const { adapter, service, catalogue } = await read(file, options);
  const clauses = options.clause ?? clausesOf(catalogue, options.profile, service, adapter.application);
  const rules = await loadPortRules(catalogue);
  say(
    `${adapter.application} of ${service.name}, ${rolesOf(service, adapter.application).join(' and ')}: ${String(clauses.length)} clauses`,
  );
  const { now } = startClock();
  const look = new FirstLook({ service, application: adapter.application, now, say });
  let inTheWay: readonly string[] = [];
  const { run, folder } = await performRun(
    [],
    {
      ...options,
      adapter: [file],
      application: adapter.application,
      keepAdapters: true,
      clause: clauses,
      ...(options.clause === undefined ? { narrowing: `the clauses of ${adapter.application}` } : {}),
    },
    talk,
    interrupt,
    {
      onStart: (_, state) => look.start(state),
      onTrial: (trial) => look.see(trial),
      first: { scenario: firstScenario, limitMs: firstLimitMs, goOn: () => (inTheWay = look.obstacles).length === 0 },
    },
  );
  look.end();
  if (options.json === true) process.stdout.write(runJson(run));
  const failed = run.verdicts.some(({ verdict }) => verdict === 'fail');
  const trials = failed ? readJournal(join(folder, 'journal.bwj')).trials : [];
  const histories = new Map(trials.map(({ header, history }) => [header.id, history]));
  talk.write(answer(run, mendingList(mends(run, rules, { flows: service.flows, histories })), talk));
  if (inTheWay.length > 0) say(`\n${inTheWay.join('\n')}\nThe other trials were not performed.`);
  say(`\nReport: ${join(folder, 'index.html')}`);
  // What does not get through has shown nothing: at best nothing is known.
  return look.obstacles.length > 0 && run.exitCode === 0 ? 2 : run.exitCode;
}

async function read(
  file: string,
  { contracts }: AdapterCheckOptions,
): Promise<{ readonly adapter: AdapterFile; readonly service: Service; readonly catalogue: Catalogue }> {
  const written = await readAdapterFile(file);
  const name = serviceOf(written, await serviceNames(contracts));
  const { services, catalogue } = await loadContracts(contracts, [name]);
  const [service] = services;
  if (service === undefined) throw new RangeError(`service ${name} was not loaded`);
  return { adapter: await adapterOf(written, service), service, catalogue };
}

/** What the application is in the flows of its service; a consumer that sends receipts is their provider. */
const rolesOf = (service: Service, application: string): readonly Role[] => [
  ...new Set(service.flows.flatMap((flow) => rolesIn(flow, application))),
];

/** Clauses of a profile that judge an adapter of these roles and that a checker decides. */
function clausesOf(
  { clauses, profiles }: Catalogue,
  profile: string,
  service: Service,
  application: string,
): readonly ClauseId[] {
  const roles = rolesOf(service, application);
  const known = knownName(
    'profile',
    profile,
    profiles.map(({ name }) => name),
  );
  const claimed = new Set(profiles.find(({ name }) => name === known)?.clauses);
  return clauses
    .filter((clause) => clause.checker !== undefined && claimed.has(clause.id) && judges(clause, roles))
    .map(({ id }) => id);
}

function answer(run: Run, mending: string, talk: NodeJS.WriteStream): string {
  return `\n${mending}${mending === '' ? '' : '\n'}${consoleAnswer(run, { colour: coloured(talk), width: columnsOf(talk) })}`;
}

const settleMs = 200;
const ignored = /(^|[/\\])(\.git|\.venv|node_modules|__pycache__|out|\.[^/\\]*\.(partial|sw.))([/\\]|$)/u;

/** Watches a folder from now on; the function waits for its first change, and until no more come for a moment. */
function untilChanged(folder: string, signal: AbortSignal): () => Promise<void> {
  const { promise, resolve: done } = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    if (name !== null && ignored.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(done, settleMs);
  });
  signal.addEventListener('abort', () => done(), { once: true });
  return async () => {
    await promise;
    clearTimeout(timer);
    watcher.close();
  };
}
