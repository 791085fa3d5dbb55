import type { JournalTrial } from '../evidence/journal-reader.ts';
import type { JudgedTrial } from '../model/judgement.ts';
import { consoleReport } from '../../reports/console.ts';
import { runJson } from '../../reports/run-json.ts';
import { coloured } from './colour.ts';
import { columnsOf } from './columns.ts';
import { defectNamed, type Exploration } from './exploration.ts';
import { interruptible } from './interrupt.ts';
import { Problem } from '../model/errors.ts';
import { checkBusOptions } from './open-bus.ts';
import type { RunOptions } from './run-options.ts';
import { performRun } from './run.ts';

export interface ExploreOptions extends Omit<RunOptions, 'scenario' | 'clause' | 'exploration'>, Exploration {}

/** What the workloads of one flow came to. */
interface Tally {
  runs: number;
  failed: number;
  inconclusive: number;
  /** Clause → how often it was put to the test. */
  readonly exercised: Map<string, number>;
  /** Why runs were inconclusive → the first of them. */
  readonly doubts: Map<string, string>;
}

/** Reasons that are told of a flow; the journal has all of them. */
const mostDoubts = 3;

/** Performs workloads by chance on every flow; the first that breaks a clause is shrunk, and ends the search on its flow. */
export function exploreCommand(names: readonly string[], options: ExploreOptions): Promise<number> {
  checkBusOptions(options);
  const { runs, from, seconds, defect, ...rest } = options;
  if (defect !== undefined && options.throughAdapters === true) {
    throw new Problem(
      'usage',
      'A defect is of adapters in the harness’s own process: programs at every end have none.',
      {
        next: `busworthy explore --defect ${defect}`,
      },
    );
  }
  const flow =
    defect === undefined || rest.flow !== undefined || names.length > 0 ? rest.flow : [defectNamed(defect).flow];
  const talk = options.json === true ? process.stderr : process.stdout;
  const exploration = { runs, from, seconds, ...(defect === undefined ? {} : { defect }) };
  const tallies = new Map<string, Tally>();
  return interruptible(async (interrupt) => {
    const run = { ...rest, ...(flow === undefined ? {} : { flow }), exploration };
    const { run: performed, folder } = await performRun(names, run, talk, interrupt, {
      onTrial: (trial, judged) => {
        count(tallies, trial, judged);
      },
    });
    if (options.json === true) process.stdout.write(runJson(performed));
    talk.write(consoleReport(performed, { colour: coloured(talk), width: columnsOf(talk), folder }));
    talk.write(`\n${table(tallies)}\nReports: ${folder}\n`);
    return performed.exitCode;
  });
}

function count(tallies: Map<string, Tally>, { header }: JournalTrial, { findings }: JudgedTrial): void {
  const tally = tallies.get(header.flow) ?? {
    runs: 0,
    failed: 0,
    inconclusive: 0,
    exercised: new Map<string, number>(),
    doubts: new Map<string, string>(),
  };
  tallies.set(header.flow, tally);
  tally.runs++;
  const failed = findings.some((finding) => finding.failed > 0);
  if (failed) tally.failed++;
  const doubt = findings.find((finding) => finding.undecided !== undefined);
  if (!failed && doubt?.undecided !== undefined) {
    tally.inconclusive++;
    const said = `${doubt.clause}: ${doubt.undecided}`;
    if (!tally.doubts.has(said)) tally.doubts.set(said, header.id);
  }
  for (const { clause, exercised } of findings) {
    if (exercised > 0) tally.exercised.set(clause, (tally.exercised.get(clause) ?? 0) + exercised);
  }
}

function table(tallies: ReadonlyMap<string, Tally>): string {
  const wide = Math.max(0, ...[...tallies.keys()].map((flow) => flow.length));
  const lines = [...tallies].map(([flow, { runs, failed, inconclusive, exercised, doubts }]) => {
    const tests = [...exercised.values()].reduce((sum, times) => sum + times, 0);
    return `  ${flow.padEnd(wide)}  ${String(runs).padStart(4)} runs, ${String(failed)} failed, ${String(inconclusive)} inconclusive; ${String(exercised.size)} clauses put to the test ${String(tests)} times\n${[
      ...doubts,
    ]
      .slice(0, mostDoubts)
      .map(([doubt, run]) => `    inconclusive, as in ${run}: ${doubt}\n`)
      .join('')}`;
  });
  return `Workloads by chance\n${lines.join('')}`;
}
