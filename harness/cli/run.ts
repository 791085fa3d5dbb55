import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { directEndpoints } from '../adapters/direct.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import { loadContracts, shorten, writeEffective, createCheck, createValidators } from '../contracts/index.ts';
import { startClock, timestamp } from '../engine/clock.ts';
import { Gate } from '../engine/gate.ts';
import { performAll } from '../engine/schedule.ts';
import { performTrial } from '../engine/trial.ts';
import { JournalWriter } from '../evidence/journal-writer.ts';
import { readJournal } from '../evidence/journal-reader.ts';
import { judge, judgeTrial } from '../evidence/judge.ts';
import type { Catalogue } from '../model/clause.ts';
import { rehearse } from '../generate/rehearse.ts';
import { Problem, Problems } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import type { Claim, Run, RunHeader } from '../model/run.ts';
import type { Unobserved } from '../model/verdict.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { scenarios } from '../../scenarios/index.ts';
import { planTrials, type Selection, type TrialPlan } from '../../scenarios/plan.ts';
import { coloured } from './colour.ts';
import { defaultContracts, defaultWidth, version } from './defaults.ts';
import { columnsOf } from './columns.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { knownName } from './known.ts';
import { checkBusOptions, findBeside, openBus, type BusOptions } from './open-bus.ts';
import { ProgressLine } from './progress.ts';
import { RunFolder } from './run-folder.ts';
import { unwritable } from './unwritable.ts';

export interface RunOptions extends BusOptions {
  readonly contracts: string;
  readonly seed?: number;
  readonly profile: string;
  readonly scenario?: readonly string[];
  readonly clause?: readonly string[];
  readonly flow?: readonly string[];
  readonly timeScale: number;
  readonly width?: number;
  readonly out: string;
  readonly json?: boolean;
}

interface Prepared {
  readonly services: readonly Service[];
  readonly catalogue: Catalogue;
  readonly plans: readonly TrialPlan[];
  readonly header: (bus: StartedBus) => RunHeader;
}

export function runCommand(names: readonly string[], options: RunOptions): Promise<number> {
  checkBusOptions(options);
  const talk = options.json === true ? process.stderr : process.stdout;
  return interruptible(async (interrupt) => {
    const { run, folder } = await perform(names, options, talk, interrupt);
    if (options.json === true) process.stdout.write(runJson(run));
    talk.write(consoleReport(run, { colour: coloured(talk), width: columnsOf(talk) }));
    talk.write(`\nReports: ${folder}\n`);
    return run.exitCode;
  });
}

async function perform(
  names: readonly string[],
  options: RunOptions,
  talk: NodeJS.WriteStream,
  interrupt: Interrupt,
): Promise<{ readonly run: Run; readonly folder: string }> {
  const { now, epochMs } = startClock();
  const { done: loaded, found } = await findBeside(
    options,
    (line) => talk.write(`${line}\n`),
    () => readContracts(names, options, epochMs),
  );
  await interrupt.check();
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  const id = `${timestamp().replaceAll(/[:.]/g, '-')}-${String(seed)}`;
  const prepared = prepare(id, names, options, seed, loaded);
  using folder = await RunFolder.make(options.out, id);
  await writeContracts(prepared, options, folder);
  const journal = folder.file('journal.bwj');
  // The bus ends before anything is judged: from then on nothing but the folder is left to be cleared up.
  await recordTrials(prepared, { ...options, ...found }, { journal, now, talk, signal: interrupt.signal });
  await interrupt.check();
  const run = judge(readJournal(journal));
  await interrupt.hold();
  await writeReports(run, folder.file('.'));
  return { run, folder: await folder.finish() };
}

/** The contracts of the run, each of whose messages can be made. */
async function readContracts(
  names: readonly string[],
  options: RunOptions,
  epochMs: number,
): Promise<Awaited<ReturnType<typeof loadContracts>>> {
  const loaded = await loadContracts(options.contracts, servicesOf(names, options));
  const unmade = loaded.services.flatMap((service) =>
    rehearse(service, { file: join(options.contracts, service.document) }, epochMs, 1),
  );
  if (unmade.length > 0) throw new Problems(unmade);
  return loaded;
}

async function writeContracts({ services }: Prepared, options: RunOptions, folder: RunFolder): Promise<void> {
  for (const service of services) {
    const target = folder.file(join('contracts', service.name));
    try {
      await writeEffective(service, join(options.contracts, service.name), target);
    } catch (cause) {
      throw unwritable('the contracts of the run', target, cause);
    }
  }
}

/** Performs the trials on a bus of their own, and writes their journal. */
async function recordTrials(
  prepared: Prepared,
  options: RunOptions,
  to: {
    readonly journal: string;
    readonly now: () => number;
    readonly talk: NodeJS.WriteStream;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { talk, signal } = to;
  using progress = new ProgressLine(talk, prepared.plans.length);
  await using bus = await openBus(options, (line) => {
    progress.note(line);
  });
  const header = prepared.header(bus);
  progress.note(
    `bus: nats-server ${bus.serverVersion} (${bus.runtime}), seed ${String(header.seed)}, ${trials(prepared.plans.length)}, time scale ${String(options.timeScale)}`,
  );
  progress.begin();
  using writer = new JournalWriter(to.journal, header);
  await performTrials(prepared, bus, writer, progress, options.width ?? defaultWidth, signal);
  signal.throwIfAborted();
  writer.finish(to.now());
}

/** Names of the services that the command line selects; undefined for all of them. */
function servicesOf(names: readonly string[], { flow }: RunOptions): readonly string[] | undefined {
  if (names.length > 0) return names;
  return flow === undefined ? undefined : [...new Set(flow.map((id) => id.split('/')[0] ?? ''))];
}

function prepare(
  id: string,
  names: readonly string[],
  options: RunOptions,
  seed: number,
  loaded: { readonly services: readonly Service[]; readonly catalogue: Catalogue },
): Prepared {
  const { catalogue } = loaded;
  const shortened = loaded.services.map((service) => shorten(service, options.timeScale));
  const services = shortened.map((result) => result.service);
  const profile = knownName(
    'profile',
    options.profile,
    catalogue.profiles.map(({ name }) => name),
  );
  const selection = selectionOf(options, services, catalogue);
  const plans = planTrials(services, catalogue, selection, seed);
  if (plans.length === 0) {
    throw new Problem('usage', 'nothing of what was selected can be run', {
      next: 'select a scenario that shows something about one of these flows and clauses (busworthy explain CLAUSE says what decides it)',
    });
  }
  const header = (bus: StartedBus): RunHeader => ({
    format: 1,
    id,
    startedAt: timestamp(),
    seed,
    claim: claimOf(catalogue, profile, selection, plans),
    timeScale: options.timeScale,
    shortened: shortened.flatMap((result) => result.shortened),
    services: services.map((service) => withFlows(service, selection.flows)),
    catalogue,
    environment: {
      busworthy: version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
      bus: { runtime: bus.runtime, serverVersion: bus.serverVersion },
    },
    command: commandOf(names, options, selection, seed),
  });
  return { services, catalogue, plans, header };
}

/** Verdicts are given on the flows that were selected. */
function withFlows(service: Service, flows: readonly string[] | undefined): Service {
  return flows === undefined ? service : { ...service, flows: service.flows.filter((flow) => flows.includes(flow.id)) };
}

/** What the command line selects, by the names that there are. */
function selectionOf(options: RunOptions, services: readonly Service[], catalogue: Catalogue): Selection {
  const flows = services.flatMap((service) => service.flows.map((flow) => flow.id));
  const clauses = catalogue.clauses.map((clause) => clause.id);
  const named = (
    what: string,
    names: readonly string[],
    known: readonly string[],
    list?: string,
  ): readonly string[] => [...new Set(names.map((name) => knownName(what, name, known, list)))];
  return {
    ...(options.flow === undefined ? {} : { flows: named('flow', options.flow, flows) }),
    ...(options.scenario === undefined
      ? {}
      : {
          scenarios: named(
            'scenario',
            options.scenario,
            scenarios.map(({ name }) => name),
          ),
        }),
    ...(options.clause === undefined
      ? {}
      : { clauses: named('clause', options.clause, clauses, 'busworthy explain lists the clauses') }),
  };
}

function claimOf(catalogue: Catalogue, profile: string, selection: Selection, plans: readonly TrialPlan[]): Claim {
  const all = catalogue.profiles.find(({ name }) => name === profile)?.clauses ?? [];
  const { scenarios: some, clauses } = selection;
  const narrowed = [
    ...(clauses === undefined ? [] : [`clauses ${clauses.join(', ')}`]),
    ...(some === undefined ? [] : [`scenarios ${some.join(', ')}`]),
  ];
  const decidable = new Set(plans.flatMap((plan) => plan.header.clauses));
  return {
    profile,
    clauses: all.filter((id) => (clauses?.includes(id) ?? true) && (some === undefined || decidable.has(id))),
    narrowed: narrowed.join(' and '),
    ...(some === undefined ? {} : { scenarios: some }),
  };
}

/** A command line that does the same again: all that decides what a trial meets, with the seed that was taken. */
function commandOf(
  names: readonly string[],
  options: RunOptions,
  selection: Selection,
  seed: number,
): readonly string[] {
  const option = (name: string, value: string | undefined): readonly string[] =>
    value === undefined ? [] : [name, value];
  return [
    'run',
    ...names,
    ...option('--contracts', options.contracts === defaultContracts ? undefined : options.contracts),
    ...option('--seed', String(seed)),
    ...option('--profile', options.profile),
    ...option('--scenario', selection.scenarios?.join(',')),
    ...option('--clause', selection.clauses?.join(',')),
    ...option('--flow', selection.flows?.join(',')),
    ...option('--time-scale', String(options.timeScale)),
    ...option('--bus', options.bus),
    ...option('--nats-server', options.natsServer),
    ...option('--creds', options.creds),
    ...option('--ca', options.ca),
  ];
}

async function performTrials(
  prepared: Prepared,
  bus: StartedBus,
  journal: JournalWriter,
  progress: ProgressLine,
  width: number,
  signal: AbortSignal,
): Promise<void> {
  const { services, plans } = prepared;
  const checks = new Map(services.map((service) => [service.name, createCheck(service)]));
  const validators = new Map(
    await Promise.all(services.map(async (service) => [service.name, await createValidators(service)] as const)),
  );
  // Somebody else's bus has one account: one trial after another.
  const sideBySide = bus.runtime === 'external' ? 1 : width;
  const perform = async ({ header, service, flow, scenario }: TrialPlan): Promise<void> => {
    const unseen: readonly Unobserved[] = bus.runtime === 'external' ? ['answers'] : [];
    const startedHeader = { ...header, startedAt: timestamp(), ...(unseen.length === 0 ? {} : { unobserved: unseen }) };
    const number = journal.begin(startedHeader);
    const { history, epochMs, durationMs } = await performTrial({
      service,
      flow,
      workload: scenario.workload(service, flow, header.seed),
      bus,
      validators: known(validators, service.name),
      endpoints: directEndpoints(service, known(checks, service.name)),
      signal,
    });
    if (signal.aborted) return;
    const trial = { header: startedHeader, history, end: { durationMs, epochMs } };
    journal.end(number, history, trial.end);
    progress.trial(judgeTrial(services, trial), durationMs);
  };
  // The first one goes ahead: its verdict is there in a second, where side by side with many it would take several.
  await performAll(plans.slice(0, 1), 1, perform, signal);
  await performAll(plans.slice(1), sideBySide, perform, signal, new Gate());
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`service ${name} was not prepared`);
  return value;
}

const trials = (n: number): string => (n === 1 ? '1 trial' : `${String(n)} trials`);
