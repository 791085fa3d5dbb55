import { bank } from '../calibrate/bank/index.ts';
import { needsProgram, type Defect } from '../calibrate/defect.ts';
import { seedOf } from '../generate/random.ts';
import type { Service } from '../model/flow.ts';
import { property } from '../../scenarios/property.ts';
import type { TrialPlan } from '../../scenarios/plan.ts';
import type { Performed } from './counterexamples.ts';
import { knownName } from './known.ts';
import { Problem } from '../model/errors.ts';

/** What an exploration is told beside what every run is told. */
export interface Exploration {
  /** Workloads for each flow, and the number of the first one. */
  readonly runs: number;
  readonly from: number;
  /** No workload begins after so many seconds. */
  readonly seconds: number;
  /** What of the bank of defects is broken in the harness's own adapters and its bus. */
  readonly defect?: string;
}

/** Workloads by chance, in turn for each flow, so that all of them get their share of the time. */
export function explorationPlans(
  services: readonly Service[],
  flows: readonly string[] | undefined,
  { runs, from }: Exploration,
  seed: number,
): readonly TrialPlan[] {
  const all = services.flatMap((service) =>
    service.flows.filter(({ id }) => flows?.includes(id) ?? true).map((flow) => ({ service, flow })),
  );
  return Array.from({ length: runs }, (_, at) => from + at).flatMap((number) =>
    all.map(({ service, flow }): TrialPlan => {
      const id = `${flow.id}/${property.name}-${String(number)}`;
      const { name, title } = property;
      return {
        header: { id, flow: flow.id, scenario: name, title, clauses: [], seed: seedOf(seed, id) },
        service,
        flow,
        scenario: property,
      };
    }),
  );
}

/** No workload begins after `endAt` on the clock `now`; one that has failed ends the search on its flow, too. */
export const isOver =
  (endAt: number, now: () => number) =>
  (flow: string, failed: readonly Performed[]): boolean =>
    now() >= endAt || failed.some(({ performance }) => performance.flow.id === flow);

/** The defect of the bank with a name, for adapters in the harness's own process. Throws a usage problem where there is none. */
export function defectNamed(name: string): Defect {
  const names = bank.map((defect) => defect.name);
  const known = knownName('defect', name, names, 'busworthy calibrate --list names them');
  const defect = bank.find((candidate) => candidate.name === known);
  if (defect === undefined) throw new RangeError(`there is no defect ${known}`);
  if (needsProgram(defect)) {
    throw new Problem(
      'usage',
      `The defect ${known} is of the program around an adapter, and no such program runs here.`,
      {
        next: `busworthy calibrate ${known} --through-adapters`,
      },
    );
  }
  return defect;
}
