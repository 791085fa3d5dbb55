import { randomInt } from 'node:crypto';
import { join, resolve } from 'node:path';
import { Launcher } from '../adapters/launch/launcher.ts';
import { loadContracts, writeEffective } from '../contracts/index.ts';
import { startClock, timestamp } from '../engine/clock.ts';
import type { Launch } from '../engine/endpoint.ts';
import type { PactMismatch } from '../pact/pact-witness.ts';
import type { PactJudges } from '../pact/judges.ts';
import { JournalWriter } from '../evidence/journal-writer.ts';
import { readJournal } from '../evidence/journal-reader.ts';
import { judge } from '../evidence/judge.ts';
import { Lives } from '../explore/lives.ts';
import { Stage } from '../explore/stage.ts';
import { rehearse } from '../generate/rehearse.ts';
import { Problems } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import type { Run } from '../model/run.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { writeReports } from '../../reports/write.ts';
import { Broker } from './broker.ts';
import { coloured } from './colour.ts';
import { findCounterexamples } from './counterexamples.ts';
import { defaultWidth, explorationWidth, shrinkWidth } from './defaults.ts';
import { defectNamed, isOver } from './exploration.ts';
import { columnsOf } from './columns.ts';
import { Ends, processesOf, startingLine, widthWith } from './ends.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { checkBusOptions, findBeside, openBus } from './open-bus.ts';
import { judgesOf, withNamedPacts, writeMismatches } from './pacts.ts';
import { performTrials, trials, type Watch } from './perform-trials.ts';
import { prepare, type Prepared } from './prepare.ts';
import { ProgressLine } from './progress.ts';
import { RunFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { unwritable } from './unwritable.ts';

export function runCommand(names: readonly string[], options: RunOptions): Promise<number> {
  checkBusOptions(options);
  const talk = options.json === true ? process.stderr : process.stdout;
  return interruptible(async (interrupt) => {
    const { run, folder, publish } = await performRun(names, options, talk, interrupt);
    if (options.json === true) process.stdout.write(runJson(run));
    talk.write(consoleReport(run, { colour: coloured(talk), width: columnsOf(talk), folder }));
    talk.write(`\nReports: ${folder}\n`);
    await publish();
    return run.exitCode;
  });
}

/** A run whose reports are written. */
export interface FinishedRun {
  readonly run: Run;
  readonly folder: string;
  readonly mismatches: readonly PactMismatch[];
  /** Tells a Pact Broker what was found of its pacts, where that is asked for. */
  readonly publish: () => Promise<void>;
}

/** Performs a run and writes its reports. */
export async function performRun(
  names: readonly string[],
  options: RunOptions,
  talk: NodeJS.WriteStream,
  interrupt: Interrupt,
  watch: Watch = {},
): Promise<FinishedRun> {
  const { now, epochMs } = startClock();
  const ends = await Ends.read(options);
  const broker = Broker.of(options, interrupt.signal);
  const say = (line: string): void => void talk.write(`${line}\n`);
  const { done: loaded, found } = await findBeside(options, say, () =>
    readContracts(servicesOf(names, options) ?? ends.services, options, epochMs, broker, say),
  );
  const adapters = await ends.of(loaded.services);
  await interrupt.check();
  const seed = options.seed ?? randomInt(1, 2 ** 31);
  const id = `${timestamp().replaceAll(/[:.]/g, '-')}-${String(seed)}`;
  const prepared = prepare(id, names, options, seed, { ...loaded, adapters });
  using folder = await RunFolder.make(options.out, id);
  const contracts = await writeContracts(prepared, options, folder);
  const journal = folder.file('journal.bwj');
  await using judges = judgesOf(options);
  // The bus ends before anything is judged: from then on nothing but the folder is left to be cleared up.
  await recordTrials(
    prepared,
    { ...options, ...found },
    { journal, contracts, now, talk, judges, watch, signal: interrupt.signal },
  );
  await interrupt.check();
  const run = judge(readJournal(journal));
  await interrupt.hold();
  await writeReports(run, folder.file('.'));
  await writeMismatches(folder.file('pact-mismatches.json'), judges.mismatches);
  return {
    run,
    folder: await folder.finish(),
    mismatches: judges.mismatches,
    publish: async () => broker?.publish(run, judges.mismatches, say),
  };
}

/** The contracts of the run, each of whose messages can be made. */
async function readContracts(
  only: readonly string[] | undefined,
  options: RunOptions,
  epochMs: number,
  broker: Broker | undefined,
  say: (line: string) => void,
): Promise<Awaited<ReturnType<typeof loadContracts>>> {
  const { contracts } = options;
  const { services, catalogue } = await loadContracts(contracts, only);
  const loaded = { catalogue, services: await withNamedPacts(services, options, broker, say) };
  const unmade = loaded.services.flatMap((service) =>
    rehearse(service, { file: join(contracts, service.document) }, epochMs, 1),
  );
  if (unmade.length > 0) throw new Problems(unmade);
  return loaded;
}

/** Gives the path of each service's effective document. */
async function writeContracts(
  { services }: Prepared,
  options: RunOptions,
  folder: RunFolder,
): Promise<ReadonlyMap<string, string>> {
  const documents = new Map<string, string>();
  for (const service of services) {
    const target = resolve(folder.file(join('contracts', service.name)));
    try {
      documents.set(service.name, await writeEffective(service, join(options.contracts, service.name), target));
    } catch (cause) {
      throw unwritable('the contracts of the run', target, cause);
    }
  }
  return documents;
}

/** Performs the trials on a bus of their own, and writes their journal. */
async function recordTrials(
  prepared: Prepared,
  options: RunOptions,
  to: {
    readonly journal: string;
    readonly contracts: ReadonlyMap<string, string>;
    readonly now: () => number;
    readonly talk: NodeJS.WriteStream;
    readonly judges: PactJudges;
    readonly watch: Watch;
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
  const { adapters } = prepared;
  const { exploration } = options;
  // Somebody else's bus has one account, which is emptied between two trials.
  const keepsAdapters =
    adapters.length > 0 && bus.runtime !== 'external' && (exploration !== undefined || options.keepAdapters === true);
  if (adapters.length > 0) progress.note(startingLine(adapters, keepsAdapters));
  await using launcher = adapters.length === 0 ? undefined : new Launcher(adapters, to.watch.onStart);
  progress.begin();
  using writer = new JournalWriter(to.journal, header);
  const ownWidth = exploration === undefined ? defaultWidth : explorationWidth;
  const width = options.width ?? (adapters.length === 0 ? ownWidth : widthWith(processesOf(adapters)));
  const launch = (service: Service): Launch | undefined => launcher?.over(service, known(to.contracts, service.name));
  const { services, catalogue } = prepared;
  const defect = exploration?.defect === undefined ? undefined : defectNamed(exploration.defect);
  await using lives =
    launcher === undefined || !keepsAdapters
      ? undefined
      : new Lives(bus, (service) => launcher.keep(service, known(to.contracts, service.name)));
  const stage = new Stage({
    services,
    bus,
    lives,
    ...(defect === undefined ? {} : { breaks: defect.breaks }),
    relaying: (service, workload) => prepared.relaying.of(service, workload),
    ...(launcher === undefined ? {} : { launch }),
    judges: to.judges,
  });
  // Somebody else's bus has one account: one trial after another.
  const sideBySide = bus.runtime === 'external' ? 1 : width;
  // Most of a trial is waiting: where the processors have time to spare, others begin.
  const mayGoBeyond = exploration === undefined && options.width === undefined && sideBySide > 1;
  const failed = await performTrials(prepared, stage, writer, {
    progress,
    width: sideBySide,
    beyond: mayGoBeyond ? sideBySide : 0,
    liveOn: lives !== undefined,
    watch: to.watch,
    // An adapter that lives on knows the events of a trial: they cannot be its again.
    again: exploration === undefined && bus.runtime !== 'external',
    ...(exploration === undefined ? {} : { isOver: isOver(to.now() + exploration.seconds * 1000, to.now) }),
    signal,
  });
  const must = new Set(catalogue.clauses.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  if (failed.length > 0 && options.shrink > 0) {
    await findCounterexamples(failed, {
      stage,
      ...(launcher === undefined && defect === undefined ? {} : { healthy: new Stage({ services, bus }) }),
      journal: writer,
      binding: (clause) => must.has(clause) && header.claim.clauses.includes(clause),
      width: Math.min(shrinkWidth, sideBySide),
      budgetMs: options.shrink * 1000,
      now: to.now,
      signal,
      note: (line) => {
        progress.note(line);
      },
    });
  }
  signal.throwIfAborted();
  writer.finish(to.now());
}

/** Names of the services that the command line selects; undefined for all of them. */
function servicesOf(names: readonly string[], { flow }: RunOptions): readonly string[] | undefined {
  if (names.length > 0) return names;
  return flow === undefined ? undefined : [...new Set(flow.map((id) => id.split('/')[0] ?? ''))];
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`service ${name} was not prepared`);
  return value;
}
