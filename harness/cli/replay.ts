import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Launcher } from '../adapters/launch/launcher.ts';
import { loadContracts, serviceNames, shorten, writeEffective } from '../contracts/index.ts';
import { Stage, type Performance } from '../explore/stage.ts';
import type { Catalogue } from '../model/clause.ts';
import { applies } from '../model/clause.ts';
import { Problem } from '../model/errors.ts';
import type { Flow, Service } from '../model/flow.ts';
import type { Finding } from '../model/verdict.ts';
import { flowOf, readCounterexample, type CounterexampleFile } from './counterexample-file.ts';
import { Ends } from './ends.ts';
import { defectNamed } from './exploration.ts';
import { interruptible, type Interrupt } from './interrupt.ts';
import { checkBusOptions, openBus, type BusOptions } from './open-bus.ts';
import { judgesOf, type PactOptions } from './pacts.ts';
import { Relaying } from './relaying.ts';

export interface ReplayOptions extends BusOptions, Omit<PactOptions, 'pact'> {
  readonly contracts: string;
  readonly adapter?: readonly string[];
  readonly throughAdapters?: boolean;
  readonly times: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** One performance of the counterexample. */
interface Replayed {
  readonly verdict: 'fail' | 'pass' | 'inconclusive';
  readonly expected: string;
  readonly observed: string;
  /** Other clauses that failed. */
  readonly others: readonly string[];
  readonly durationMs: number;
}

/** Performs a counterexample again, and says how often its clause fails. */
export function replayCommand(path: string, options: ReplayOptions): Promise<number> {
  checkBusOptions(options);
  return interruptible(async (interrupt) => {
    const file = await readCounterexample(path);
    return replay(file, options, interrupt);
  });
}

async function replay(file: CounterexampleFile, options: ReplayOptions, interrupt: Interrupt): Promise<number> {
  const talk = options.json === true ? process.stderr : process.stdout;
  const say = (line: string): void => void talk.write(`${line}\n`);
  const { service, catalogue } = await contractsOf(file, options, say);
  const flow = flowOf(file, service);
  if (!catalogue.clauses.some(({ id }) => id === file.clause)) {
    throw new Problem('journal', `its clause ${file.clause} is not in the catalogue`, {
      place: { file: file.path },
      next: 'replay it with the contracts that it was found with: --contracts FOLDER',
    });
  }
  const given = { ...options, ...endsOf(file, options), timeScale: file.timeScale };
  const ends = await Ends.read(given);
  const adapters = await ends.of([service]);
  const defect = file.defect === undefined ? undefined : defectNamed(file.defect);
  await interrupt.check();
  const folder = await mkdtemp(join(tmpdir(), 'busworthy-replay-'));
  try {
    const contract = await writeEffective(service, join(options.contracts, service.name), join(folder, service.name));
    await using bus = await openBus(options, say);
    await using launcher = adapters.length === 0 ? undefined : new Launcher(adapters);
    await using judges = judgesOf(options);
    const whose =
      adapters.length === 0
        ? 'the harness’s own adapters'
        : adapters
            .map((adapter) =>
              adapter.file === ''
                ? `the reference adapter of ${adapter.application}`
                : `${adapter.application} (${adapter.file})`,
            )
            .join(', ');
    say(
      `bus: nats-server ${bus.serverVersion} (${bus.runtime}), ${file.clause} on ${flow.id}, ${whose}${defect === undefined ? '' : `, broken: ${defect.name}`}`,
    );
    const relaying = new Relaying(options, adapters);
    const stage = new Stage({
      services: [{ ...service, flows: service.flows.map((each) => (each.id === flow.id ? flow : each)) }],
      bus,
      judges,
      relaying: (of, workload) => relaying.of(of, workload),
      ...(launcher === undefined ? {} : { launch: (of) => launcher.over(of, contract) }),
      ...(defect === undefined ? {} : { breaks: defect.breaks }),
    });
    const results: Replayed[] = [];
    for (let time = 0; time < options.times; time++) {
      const result = await once(stage, performanceOf(file, service, flow, catalogue), file.clause, interrupt);
      results.push(result);
      say(line(result, time, options.times));
    }
    return conclude(file, results, options, talk);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function once(stage: Stage, what: Performance, clause: string, interrupt: Interrupt): Promise<Replayed> {
  const trial = await stage.perform(what, interrupt.signal);
  interrupt.signal.throwIfAborted();
  const { findings } = stage.judge(trial);
  const own = findings.find((finding) => finding.clause === clause);
  const [failure] = own?.failures ?? [];
  return {
    verdict: verdictOf(own),
    expected: failure?.expected ?? '',
    observed: failure?.observed ?? own?.undecided ?? (own?.exercised === 0 ? 'nothing that puts it to the test' : ''),
    others: findings
      .filter((finding) => finding.failed > 0 && finding.clause !== clause)
      .map((finding) => finding.clause),
    durationMs: trial.end?.durationMs ?? 0,
  };
}

function verdictOf(finding: Finding | undefined): Replayed['verdict'] {
  if (finding !== undefined && finding.failed > 0) return 'fail';
  // What was not put to the test does not hold for that.
  return finding === undefined || finding.undecided !== undefined || finding.exercised === 0 ? 'inconclusive' : 'pass';
}

function performanceOf(file: CounterexampleFile, service: Service, flow: Flow, catalogue: Catalogue): Performance {
  const { found, workload } = file;
  const clauses = catalogue.clauses.filter((clause) => clause.id === file.clause && applies(clause, flow));
  return {
    header: {
      id: found.trial,
      flow: flow.id,
      scenario: found.scenario,
      title: 'A counterexample, performed again',
      clauses: clauses.map(({ id }) => id),
      seed: found.trialSeed,
    },
    service,
    flow,
    workload,
  };
}

/** The contracts with the durations of the counterexample; other documents than its own only by force. */
async function contractsOf(
  file: CounterexampleFile,
  { contracts, force }: ReplayOptions,
  say: (line: string) => void,
): Promise<{ readonly service: Service; readonly catalogue: Catalogue }> {
  const known = await serviceNames(contracts);
  if (!known.includes(file.service)) {
    throw new Problem('journal', `its service ${file.service} is not there: ${contracts} has ${known.join(', ')}`, {
      place: { file: file.path },
      next: 'replay it with the contracts that it was found with: --contracts FOLDER',
    });
  }
  const { services, catalogue } = await loadContracts(contracts, [file.service]);
  const [declared] = services;
  if (declared === undefined) throw new RangeError(`service ${file.service} was not loaded`);
  const was = file.contracts[file.service] ?? '';
  if (was !== declared.digest) {
    const said = `the contracts of ${file.service} are not those that it was found with: SHA-256 ${was === '' ? 'none' : was} in the file, ${declared.digest} in ${join(contracts, file.service)}`;
    if (force !== true) {
      throw new Problem('journal', said, {
        place: { file: file.path },
        next: 'name the contracts of that time with --contracts, or perform it on these with --force',
      });
    }
    say(`${said}; performed all the same (--force)`);
  }
  return { service: shorten(declared, file.timeScale).service, catalogue };
}

/** The adapters of the command line; else those that it was found with. */
function endsOf(
  { adapters = [] }: CounterexampleFile,
  { adapter, throughAdapters }: ReplayOptions,
): { readonly adapter?: readonly string[]; readonly throughAdapters?: boolean } {
  if (adapter !== undefined || throughAdapters === true) return {};
  const files = adapters.map(({ file }) => file).filter((file) => file !== '');
  return {
    ...(files.length === 0 ? {} : { adapter: files }),
    ...(adapters.some(({ file }) => file === '') ? { throughAdapters: true } : {}),
  };
}

function line({ verdict, observed, others, durationMs }: Replayed, time: number, times: number): string {
  const number = `[${String(time + 1).padStart(String(times).length)}/${String(times)}]`;
  const also = others.length === 0 ? '' : `; others: ${others.join(' ')}`;
  const what = verdict === 'fail' ? 'FAIL' : verdict === 'pass' ? 'ok' : 'inconclusive';
  return `${number} ${what}  ${(durationMs / 1000).toFixed(1)} s${observed === '' ? '' : `  observed ${observed}`}${also}`;
}

function conclude(
  file: CounterexampleFile,
  results: readonly Replayed[],
  options: ReplayOptions,
  talk: NodeJS.WriteStream,
): number {
  const count = (verdict: Replayed['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  const [failed, open] = [count('fail'), count('inconclusive')];
  const of = `of ${String(results.length)} ${results.length === 1 ? 'time' : 'times'}`;
  const first = results.find(({ verdict }) => verdict === 'fail');
  const sentence =
    failed > 0
      ? `${file.clause} fails again, ${String(failed)} ${of}: the counterexample is reproduced`
      : open > 0
        ? `whether ${file.clause} fails again cannot be said: inconclusive ${String(open)} ${of}`
        : `${file.clause} holds, ${String(results.length)} ${of}: the counterexample is not reproduced`;
  const exitCode = failed > 0 ? 1 : open > 0 ? 2 : 0;
  if (options.json === true) {
    const document = {
      clause: file.clause,
      flow: file.flow,
      failed,
      times: results.length,
      inconclusive: open,
      sentence,
      exitCode,
      results,
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  talk.write(
    `\n${first === undefined ? '' : `expected  ${first.expected}\nobserved  ${first.observed}\n`}${sentence}\n`,
  );
  return exitCode;
}
