import type { StartedBus } from '../bus/runtime/runtime.ts';
import type { Launch } from '../engine/endpoint.ts';
import { Gate } from '../engine/gate.ts';
import { performAll } from '../engine/schedule.ts';
import type { JournalTrial } from '../evidence/journal-reader.ts';
import { Stage, type StageOptions } from '../explore/stage.ts';
import { Problem } from '../model/errors.ts';
import { onlyLagged, type JudgedTrial } from '../model/judgement.ts';
import type { Catalogue, ClauseId } from '../model/clause.ts';
import type { Service } from '../model/flow.ts';
import { PactJudges } from '../pact/judges.ts';
import { planTrials, type TrialPlan } from '../../scenarios/plan.ts';
import type { Defect } from './defect.ts';
import type { FaultyEnds } from './faulty-ends.ts';

/** What came of one trial of a calibration. `caught` by its clause; `caught-by-another`; `missed`; for a healthy run `green` or `red`. */
export interface Calibrated {
  readonly name: string;
  readonly flow: string;
  readonly scenario: string;
  /** Absent for a healthy run. */
  readonly defect?: Defect;
  readonly result: 'caught' | 'caught-by-another' | 'missed' | 'green' | 'red';
  readonly failed: readonly ClauseId[];
  readonly undecided: readonly ClauseId[];
  readonly why: string;
  readonly seed: number;
  readonly durationMs: number;
}

export interface CalibrationOptions {
  readonly services: readonly Service[];
  readonly catalogue: Catalogue;
  readonly bus: StartedBus;
  readonly bank: readonly Defect[];
  readonly seed: number;
  readonly width: number;
  /** Programs in the place of the harness's own adapters; then the bank is of adapters' defects alone. */
  readonly ends?: FaultyEnds;
  readonly signal: AbortSignal;
  /** Hears of each result as soon as it is there, and of the trial that it came of. */
  readonly onResult: (result: Calibrated, trial: JournalTrial) => void;
}

interface Job {
  readonly plan: TrialPlan;
  readonly defect?: Defect;
}

/** How often what lags is measured: a machine that stands still shows nothing of a defect. */
const mostMeasured = 3;

/**
 * Tries every defect on its own flow and scenario, and each of those flows and scenarios once in good health. What lagged is measured
 * again at the end, alone. Results are in the order of the bank, and then those of healthy runs, whichever trial ended first.
 */
export async function calibrate(options: CalibrationOptions): Promise<readonly Calibrated[]> {
  const results = new Map<Job, Calibrated>();
  await using judges = new PactJudges();
  const stage = new Stage({ services: options.services, bus: options.bus, judges });
  const lagged: Job[] = [];
  let measured = 1;
  const perform = async (job: Job): Promise<void> => {
    const { result, trial, judged } = await tryOut(job, stage, options);
    if (options.signal.aborted) return;
    if (saysNothing(judged, job.defect) && measured < mostMeasured) {
      lagged.push(job);
      return;
    }
    results.set(job, result);
    options.onResult(result, trial);
  };
  const all = jobsOf(options);
  const jobs = Object.groupBy(all, ({ plan }) => (plan.scenario.alone === true ? 'alone' : 'together'));
  await performAll(jobs.together ?? [], options.width, perform, options.signal, new Gate());
  await performAll(jobs.alone ?? [], 1, perform, options.signal);
  while (lagged.length > 0) {
    measured++;
    await performAll(lagged.splice(0), 1, perform, options.signal);
  }
  return all.flatMap((job) => results.get(job) ?? []);
}

/** Whether the machine lagged: in all that is open, or where the defect was to show. */
function saysNothing(judged: JudgedTrial, defect: Defect | undefined): boolean {
  const own = judged.findings.filter(({ clause }) => clause === defect?.clause);
  return onlyLagged(judged) || (own.some(({ lagged }) => lagged === true) && own.every(({ failed }) => failed === 0));
}

function jobsOf({ services, catalogue, bank, seed }: CalibrationOptions): readonly Job[] {
  const healthy = new Map<string, Job>();
  const broken = bank.map((defect): Job => {
    const [plan] = planTrials(services, catalogue, { flows: [defect.flow], scenarios: [defect.scenario] }, seed);
    if (plan === undefined) {
      throw new Problem(
        'contract',
        `the defect ${defect.name} needs ${defect.flow} under ${defect.scenario}, which is not there`,
        {
          next: 'calibrate with the contracts of the reference services',
        },
      );
    }
    healthy.set(plan.header.id, { plan });
    return { plan, defect };
  });
  return [...broken, ...healthy.values()];
}

async function tryOut(
  { plan, defect }: Job,
  whole: Stage,
  options: CalibrationOptions,
): Promise<{ readonly result: Calibrated; readonly trial: JournalTrial; readonly judged: JudgedTrial }> {
  const { header, service, flow, scenario } = plan;
  const { habits: _habits, ...breaks } = defect?.breaks ?? {};
  await using ends = await options.ends?.of(service, defect);
  const stage = whole.with({ breaks, ...(ends === undefined ? {} : behindRelays(service, ends.launch)) });
  const workload = scenario.workload(service, flow, header.seed);
  const trial = await stage.perform({ header, service, flow, workload }, options.signal);
  const judged = stage.judge(trial);
  const { findings } = judged;
  const failing = findings.filter((finding) => finding.failed > 0);
  const undecided = findings.filter(
    (finding) => finding.failed === 0 && finding.undecided !== undefined && header.clauses.includes(finding.clause),
  );
  const failed = [...new Set(failing.map((finding) => finding.clause))];
  const telling = failing.find((finding) => finding.clause === defect?.clause) ?? failing[0];
  const failure = telling?.failures[0];
  const result: Calibrated = {
    name: defect?.name ?? header.id,
    flow: flow.id,
    scenario: scenario.name,
    ...(defect === undefined ? {} : { defect }),
    result: resultOf(defect, failed, undecided.length),
    failed,
    undecided: [...new Set(undecided.map((finding) => finding.clause))],
    why:
      failure === undefined
        ? (undecided[0]?.undecided ?? '')
        : `expected ${failure.expected}; observed ${failure.observed}`,
    seed: options.seed,
    durationMs: trial.end?.durationMs ?? 0,
  };
  return { result, trial, judged };
}

/** Programs at every end of a service, each of which meets the bus through a relay. */
function behindRelays(service: Service, launch: Launch): Pick<StageOptions, 'launch' | 'relaying'> {
  const applications = service.applications.map(({ name }) => name);
  return { launch: () => launch, relaying: () => ({ applications, unobserved: [] }) };
}

function resultOf(defect: Defect | undefined, failed: readonly ClauseId[], undecided: number): Calibrated['result'] {
  if (defect === undefined) return failed.length === 0 && undecided === 0 ? 'green' : 'red';
  if (failed.includes(defect.clause)) return 'caught';
  return failed.length > 0 ? 'caught-by-another' : 'missed';
}
