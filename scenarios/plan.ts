import { seedOf } from '../harness/generate/random.ts';
import { applies, judges, rolesIn, type Catalogue, type ClauseId } from '../harness/model/clause.ts';
import type { Flow, Service } from '../harness/model/flow.ts';
import type { TrialHeader } from '../harness/model/run.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { scenarios } from './index.ts';

/** One trial to be performed. */
export interface TrialPlan {
  readonly header: Omit<TrialHeader, 'startedAt'>;
  readonly service: Service;
  readonly flow: Flow;
  readonly scenario: Scenario;
}

/** What of all there is to perform; an absent list selects everything. */
export interface Selection {
  readonly flows?: readonly string[];
  readonly scenarios?: readonly string[];
  readonly clauses?: readonly ClauseId[];
  /** What the run claims; where neither scenarios nor clauses are named, it performs what can decide any of it. */
  readonly claimed?: readonly ClauseId[];
  /** Where no scenarios are named, only what tries this application's adapter and can decide a clause that judges its part in the flow. */
  readonly application?: string;
}

/** The trials of a run: every scenario on every flow that it shows something about, in an order that gives answers early. */
export function planTrials(
  services: readonly Service[],
  catalogue: Catalogue,
  selection: Selection,
  seed: number,
): readonly TrialPlan[] {
  const wanted = (list: readonly string[] | undefined, name: string): boolean => list?.includes(name) ?? true;
  const { clauses = selection.scenarios === undefined ? selection.claimed : undefined } = selection;
  return scenarios
    .filter((scenario) => wanted(selection.scenarios, scenario.name))
    .flatMap((scenario) =>
      services.flatMap((service) =>
        service.flows
          .filter((flow) => wanted(selection.flows, flow.id) && scenario.applies(flow, service))
          .map((flow) => ({ header: headerOf(scenario, flow, catalogue, seed), service, flow, scenario })),
      ),
    )
    .filter(({ header }) => clauses === undefined || header.clauses.some((clause) => clauses.includes(clause)))
    .filter((plan) => selection.scenarios !== undefined || decidesPart(plan, catalogue, selection));
}

/** Whether a trial can decide anything of what an application is in its flow. */
function decidesPart(
  { header, flow, scenario }: TrialPlan,
  catalogue: Catalogue,
  { application, clauses }: Selection,
): boolean {
  if (application === undefined) return true;
  if (scenario.tries?.(flow, application) === false) return false;
  const roles = rolesIn(flow, application);
  return catalogue.clauses.some(
    (clause) => header.clauses.includes(clause.id) && (clauses?.includes(clause.id) ?? true) && judges(clause, roles),
  );
}

function headerOf(scenario: Scenario, flow: Flow, catalogue: Catalogue, seed: number): TrialPlan['header'] {
  const id = `${flow.id}/${scenario.name}`;
  const asked = catalogue.clauses.filter((clause) => applies(clause, flow)).map((clause) => clause.id);
  return {
    id,
    flow: flow.id,
    scenario: scenario.name,
    title: scenario.title,
    clauses: scenario.clauses.filter((clause) => asked.includes(clause)),
    seed: seedOf(seed, id),
  };
}
