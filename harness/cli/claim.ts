import { rolesIn, type Catalogue } from '../model/clause.ts';
import type { Service } from '../model/flow.ts';
import type { AskedClaim, Part } from '../model/run.ts';
import { scenarios } from '../../scenarios/index.ts';
import type { Selection, TrialPlan } from '../../scenarios/plan.ts';
import { knownName } from './known.ts';
import type { RunOptions } from './run-options.ts';

/** What the command line selects, by the names that there are. */
export function selectionOf(options: RunOptions, services: readonly Service[], catalogue: Catalogue): Selection {
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

/** What a run claims of a profile: all of it, or what is left where the command line narrows it. */
export function claimOf(
  catalogue: Catalogue,
  profile: string,
  selection: Selection,
  plans: readonly TrialPlan[],
  { narrowing, application }: Pick<RunOptions, 'narrowing' | 'application'>,
  services: readonly Service[],
): AskedClaim {
  const all = catalogue.profiles.find(({ name }) => name === profile)?.clauses ?? [];
  const { scenarios: some, clauses } = selection;
  const narrowed = [
    ...(clauses === undefined ? [] : [narrowing ?? `clauses ${clauses.join(', ')}`]),
    ...(some === undefined ? [] : [`scenarios ${some.join(', ')}`]),
  ];
  const decidable = new Set(plans.flatMap((plan) => plan.header.clauses));
  const asked = all.filter((id) => clauses?.includes(id) ?? true);
  const { claimed = [], besides = [] } = Object.groupBy(asked, (id) =>
    some === undefined || decidable.has(id) ? 'claimed' : 'besides',
  );
  return {
    profile,
    clauses: claimed,
    narrowed: narrowed.join(' and '),
    ...(some === undefined ? {} : { scenarios: some, besides }),
    ...(selection.flows === undefined ? {} : { flows: selection.flows }),
    ...(application === undefined ? {} : { parts: partsOf(services, application) }),
  };
}

const partsOf = (services: readonly Service[], application: string): readonly Part[] =>
  services.flatMap(({ flows }) => flows.map((flow) => ({ flow: flow.id, roles: rolesIn(flow, application) })));
