/**
 * `npm run record`: performs the defect bank on a bus, as `calibrate` does, and keeps those histories of which something is said that is said
 * of no other: the checkers are tried on them with every change (see neighbours.ts).
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { needsProgram, type Defect } from '../../harness/calibrate/defect.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import { performAll } from '../../harness/engine/schedule.ts';
import type { JournalTrial } from '../../harness/evidence/journal-reader.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { Stage } from '../../harness/explore/stage.ts';
import type { RunHeader } from '../../harness/model/run.ts';
import { tableNames } from '../../harness/model/history.ts';
import { PactJudges } from '../../harness/pact/judges.ts';
import { planTrials, type TrialPlan } from '../../scenarios/plan.ts';
import { recordedFile } from './approved.ts';
import { linesOf } from './said.ts';

const contracts = join(import.meta.dirname, '../../contracts');
/** As `calibrate` has them where it is told nothing else. */
const timeScale = 0.02;
const width = 8;

/** Seed of the trials: that of the calibration that is checked in. */
const { seed } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../harness/calibrate/last-calibration.json'), 'utf8'),
) as { readonly seed: number };

const { services: declared, catalogue } = await loadContracts(contracts);
const services = declared.map((service) => shorten(service, timeScale).service);
await using judges = new PactJudges();
await using bus = await startProcess();
const { signal } = new AbortController();
const whole = new Stage({ services, bus, judges });
const trials: JournalTrial[] = [];

interface Job {
  readonly plan: TrialPlan;
  readonly defect?: Defect;
}

const jobsOf = (defect: Defect): readonly (readonly [string, Job])[] =>
  planTrials(services, catalogue, { flows: [defect.flow], scenarios: [defect.scenario] }, seed)
    .filter(({ scenario }) => scenario.alone !== true)
    .flatMap((plan) => [[defect.name, { plan, defect }] as const, [plan.header.id, { plan }] as const]);

const jobs = new Map(bank.filter((defect) => !needsProgram(defect)).flatMap(jobsOf));
const perform = async ({ plan, defect }: Job): Promise<void> => {
  const { header: planned, service, flow, scenario } = plan;
  const { habits: _habits, ...breaks } = defect?.breaks ?? {};
  const header = defect === undefined ? planned : { ...planned, id: defect.name };
  const workload = scenario.workload(service, flow, header.seed);
  const trial = await whole.with({ breaks }).perform({ header, service, flow, workload }, signal);
  if (trial.end !== undefined) trials.push(trial);
};
await performAll([...jobs.values()], width, perform, signal);

const rowsIn = ({ history }: JournalTrial): number => tableNames.reduce((sum, table) => sum + history[table].length, 0);
/** Without its figures, and without what is called by a name of its own. */
const shapeOfLine = (line: string): string =>
  line.replaceAll(/"[^"]*"|[\w-]*\d[\w.:-]*/gu, '#').replace(/\(.*\)$/u, '');

const told = new Set<string>();
const kept = trials
  .toSorted((a, b) => rowsIn(a) - rowsIn(b))
  .filter((trial) => {
    const findings = new Map(whole.judge(trial).findings.map((finding) => [finding.clause, finding]));
    const lines = linesOf(findings)
      .slice(1)
      .map((line) => shapeOfLine(line));
    // Of what is in good health, one of each scenario.
    const all = lines.length === 0 ? [trial.header.scenario] : lines;
    const isNew = all.some((line) => !told.has(line));
    for (const line of all) told.add(line);
    return isNew;
  });
rmSync(recordedFile, { force: true });
using journal = new JournalWriter(recordedFile, { format: 1, services } as unknown as RunHeader);
for (const trial of kept.toSorted((a, b) => (a.header.id < b.header.id ? -1 : 1)))
  if (trial.end !== undefined) journal.end(journal.begin(trial.header), trial.history, trial.end);
journal.finish(0);
console.log(`kept ${String(kept.length)} of ${String(trials.length)} histories`);
