import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess } from '../../harness/bus/runtime/process.ts';
import { bank } from '../../harness/calibrate/bank/index.ts';
import { needsProgram, type Defect } from '../../harness/calibrate/defect.ts';
import { loadContracts, shorten } from '../../harness/contracts/index.ts';
import { performAll } from '../../harness/engine/schedule.ts';
import { JournalWriter } from '../../harness/evidence/journal-writer.ts';
import { Stage } from '../../harness/explore/stage.ts';
import type { RunHeader } from '../../harness/model/run.ts';
import { PactJudges } from '../../harness/pact/judges.ts';
import { planTrials, type TrialPlan } from '../../scenarios/plan.ts';
import { isAsExpected } from './histories.ts';

const contracts = join(import.meta.dirname, '../../contracts');
/** As `calibrate` has them where it is told nothing else. */
const timeScale = 0.02;
const width = 8;

/** Seed of the trials: that of the calibration that is checked in. */
const { seed } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../harness/calibrate/last-calibration.json'), 'utf8'),
) as { readonly seed: number };

/**
 * Performs the defect bank on a bus, as `calibrate` does, and writes the histories as a journal: of each defect, and of its flow and
 * scenario in good health. A trial in which the machine was late, so that its clause cannot be decided, is left out.
 */
export async function recordHistories(file: string): Promise<void> {
  const { services: declared, catalogue } = await loadContracts(contracts);
  const services = declared.map((service) => shorten(service, timeScale).service);
  await using judges = new PactJudges();
  await using bus = await startProcess();
  using journal = new JournalWriter(file, { format: 1, services } as unknown as RunHeader);
  const { signal } = new AbortController();
  const whole = new Stage({ services, bus, judges });
  const jobs = bank.filter((defect) => !needsProgram(defect)).flatMap((defect) => jobsOf(defect));
  const perform = async ({ plan, defect }: Job): Promise<void> => {
    const { header: planned, service, flow, scenario } = plan;
    const { habits: _habits, ...breaks } = defect?.breaks ?? {};
    const header = defect === undefined ? planned : { ...planned, id: defect.name };
    const workload = scenario.workload(service, flow, header.seed);
    const trial = await whole.with({ breaks }).perform({ header, service, flow, workload }, signal);
    if (trial.end !== undefined && isAsExpected(whole.judge(trial)))
      journal.end(journal.begin(trial.header), trial.history, trial.end);
  };
  const { alone = [], together = [] } = Object.groupBy([...new Map(jobs).values()], ({ plan }) =>
    plan.scenario.alone === true ? 'alone' : 'together',
  );
  await performAll(together, width, perform, signal);
  await performAll(alone, 1, perform, signal);
  journal.finish(0);

  function jobsOf(defect: Defect): readonly (readonly [string, Job])[] {
    return planTrials(services, catalogue, { flows: [defect.flow], scenarios: [defect.scenario] }, seed).flatMap(
      (plan) => [[defect.name, { plan, defect }] as const, [plan.header.id, { plan }] as const],
    );
  }
}

interface Job {
  readonly plan: TrialPlan;
  readonly defect?: Defect;
}
