import { randomInt } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { directEndpoints } from '../adapters/direct.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import { loadContracts, shorten, writeEffective, createCheck, createValidators } from '../contracts/index.ts';
import { performAll } from '../engine/schedule.ts';
import { performTrial } from '../engine/trial.ts';
import { JournalWriter } from '../evidence/journal-writer.ts';
import { readJournal } from '../evidence/journal-reader.ts';
import { judge, judgeTrial } from '../evidence/judge.ts';
import type { Catalogue } from '../model/clause.ts';
import { Problem } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import type { Claim, Run, RunHeader } from '../model/run.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { scenarios } from '../../scenarios/index.ts';
import { planTrials, type Selection, type TrialPlan } from '../../scenarios/plan.ts';
import { coloured } from './colour.ts';
import { defaultWidth, version } from './defaults.ts';
import { Interrupted, interruptedCode, interruptible } from './interrupt.ts';
import { openBus, type BusOptions } from './open-bus.ts';
import { ProgressLine } from './progress.ts';
import { RunFolder } from './run-folder.ts';

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

export async function runCommand(names: readonly string[], options: RunOptions): Promise<number> {
  using interrupt = interruptible();
  const talk = options.json === true ? process.stderr : process.stdout;
  try {
    const run = await perform(names, options, talk, interrupt.signal);
    if (options.json === true) process.stdout.write(runJson(run.run));
    talk.write(consoleReport(run.run, { colour: coloured(talk), width: talk.columns }));
    talk.write(`\nReports: ${run.folder}\n`);
    return run.run.exitCode;
  } catch (cause) {
    if (cause instanceof Interrupted || interrupt.signal.aborted) return interruptedCode;
    throw cause;
  }
}

async function perform(
  names: readonly string[],
  options: RunOptions,
  talk: NodeJS.WriteStream,
  signal: AbortSignal,
): Promise<{ readonly run: Run; readonly folder: string }> {
  const began = performance.now();
  const loaded = await loadContracts(options.contracts);
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  const id = `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${String(seed)}`;
  const prepared = prepare(id, names, options, seed, loaded);
  await using folder = await RunFolder.make(options.out, id);
  for (const service of prepared.services) {
    await writeEffective(service, join(options.contracts, service.name), folder.file(join('contracts', service.name)));
  }
  const progress = new ProgressLine(talk, prepared.plans.length);
  await using bus = await openBus(options, (line) => {
    progress.note(line);
  });
  const header = prepared.header(bus);
  progress.note(
    `bus: nats-server ${bus.serverVersion} (${bus.runtime}), seed ${String(seed)}, ${String(prepared.plans.length)} trials, time scale ${String(options.timeScale)}`,
  );
  const journal = folder.file('journal.bwj');
  {
    using writer = new JournalWriter(journal, header);
    await performTrials(prepared, bus, writer, progress, options.width ?? defaultWidth, signal);
    signal.throwIfAborted();
    writer.finish(performance.now() - began);
  }
  progress.end();
  const run = judge(readJournal(journal));
  await writeReports(run, folder.file('.'));
  await folder.finish();
  return { run, folder: folder.finalPath };
}

function prepare(
  id: string,
  names: readonly string[],
  options: RunOptions,
  seed: number,
  loaded: { readonly services: readonly Service[]; readonly catalogue: Catalogue },
): Prepared {
  const { catalogue } = loaded;
  const chosen = choose(names, options, loaded.services);
  const shortened = chosen.map((service) => shorten(service, options.timeScale));
  const services = shortened.map((result) => result.service);
  const selection: Selection = {
    ...(options.flow === undefined ? {} : { flows: options.flow }),
    ...(options.scenario === undefined ? {} : { scenarios: options.scenario }),
    ...(options.clause === undefined ? {} : { clauses: options.clause }),
  };
  checkSelection(options, services, catalogue);
  const plans = planTrials(services, catalogue, selection, seed);
  if (plans.length === 0) {
    throw new Problem('usage', 'nothing of what was selected can be run', {
      next: 'select a scenario that shows something about one of these flows and clauses',
    });
  }
  const header = (bus: StartedBus): RunHeader => ({
    format: 1,
    id,
    startedAt: new Date().toISOString(),
    seed,
    claim: claimOf(catalogue, options, plans),
    timeScale: options.timeScale,
    shortened: shortened.flatMap((result) => result.shortened),
    services: services.map((service) => withFlows(service, options.flow)),
    catalogue,
    environment: {
      busworthy: version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
      bus: { runtime: bus.runtime, serverVersion: bus.serverVersion },
    },
    command: commandOf(names, options, seed),
  });
  return { services, catalogue, plans, header };
}

/** Verdicts are given on the flows that were selected. */
function withFlows(service: Service, flows: readonly string[] | undefined): Service {
  return flows === undefined ? service : { ...service, flows: service.flows.filter((flow) => flows.includes(flow.id)) };
}

function choose(names: readonly string[], options: RunOptions, services: readonly Service[]): readonly Service[] {
  for (const name of names) requireOneOf(`service ${name}`, name, services.map((service) => service.name));
  const ofFlows = options.flow?.map((flow) => flow.split('/')[0] ?? '');
  const wanted = names.length > 0 ? names : ofFlows;
  return wanted === undefined ? services : services.filter((service) => wanted.includes(service.name));
}

function checkSelection(options: RunOptions, services: readonly Service[], catalogue: Catalogue): void {
  requireOneOf(`--profile ${options.profile}`, options.profile, catalogue.profiles.map((profile) => profile.name));
  const flows = services.flatMap((service) => service.flows.map((flow) => flow.id));
  for (const flow of options.flow ?? []) requireOneOf(`--flow ${flow}`, flow, flows);
  for (const name of options.scenario ?? []) requireOneOf(`--scenario ${name}`, name, scenarios.map((scenario) => scenario.name));
  for (const name of options.clause ?? []) requireOneOf(`--clause ${name}`, name, catalogue.clauses.map((clause) => clause.id));
}

function requireOneOf(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new Problem('usage', `${what} is not known`, { next: `give one of ${known.join(', ')}` });
}

function claimOf(catalogue: Catalogue, options: RunOptions, plans: readonly TrialPlan[]): Claim {
  const all = catalogue.profiles.find((profile) => profile.name === options.profile)?.clauses ?? [];
  const { scenario, clause } = options;
  const narrowed = [
    ...(clause === undefined ? [] : [`clauses ${clause.join(', ')}`]),
    ...(scenario === undefined ? [] : [`scenarios ${scenario.join(', ')}`]),
  ];
  const decidable = new Set(plans.flatMap((plan) => plan.header.clauses));
  return {
    profile: options.profile,
    clauses: all.filter((id) => (clause?.includes(id) ?? true) && (scenario === undefined || decidable.has(id))),
    narrowed: narrowed.join(' and '),
  };
}

function commandOf(names: readonly string[], options: RunOptions, seed: number): readonly string[] {
  const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [name, value]);
  return [
    'run',
    ...names,
    ...option('--seed', String(seed)),
    ...option('--profile', options.profile),
    ...option('--scenario', options.scenario?.join(',')),
    ...option('--clause', options.clause?.join(',')),
    ...option('--flow', options.flow?.join(',')),
    ...option('--time-scale', String(options.timeScale)),
    ...option('--bus', options.bus),
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
  await performAll(
    plans,
    sideBySide,
    async ({ header, service, flow, scenario }) => {
      const startedHeader = { ...header, startedAt: new Date().toISOString() };
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
    },
    signal,
  );
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`service ${name} was not prepared`);
  return value;
}
