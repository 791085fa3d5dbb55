import { cpus } from 'node:os';
import type { AdapterFile } from '../adapters/launch/adapter-file.ts';
import type { StartedBus } from '../bus/runtime/runtime.ts';
import { lastCalibration } from '../calibrate/record.ts';
import { shorten } from '../contracts/index.ts';
import { timestamp } from '../engine/clock.ts';
import type { Catalogue } from '../model/clause.ts';
import { Problem } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import type { RunHeader } from '../model/run.ts';
import { planTrials, type Selection, type TrialPlan } from '../../scenarios/plan.ts';
import { claimOf, selectionOf } from './claim.ts';
import { commandOf } from './command-line.ts';
import { version } from './defaults.ts';
import { allowed, flowsWith, summaryOf, trialSeed, underTest } from './ends.ts';
import { explorationPlans } from './exploration.ts';
import { knownName } from './known.ts';
import { Relaying } from './relaying.ts';
import type { RunOptions } from './run-options.ts';

/** A run before its bus is there. */
export interface Prepared {
  readonly adapters: readonly AdapterFile[];
  readonly relaying: Relaying;
  readonly services: readonly Service[];
  readonly catalogue: Catalogue;
  readonly plans: readonly TrialPlan[];
  readonly header: (bus: StartedBus) => RunHeader;
}

/** What a run is to do, and its header. Throws a Problem where that is nothing. */
export function prepare(
  id: string,
  names: readonly string[],
  options: RunOptions,
  seed: number,
  loaded: {
    readonly services: readonly Service[];
    readonly catalogue: Catalogue;
    readonly adapters: readonly AdapterFile[];
  },
): Prepared {
  const { catalogue, adapters } = loaded;
  const shortened = loaded.services.map((service) => shorten(service, options.timeScale));
  const services = shortened.map((result) => underTest(result.service, adapters));
  const profile = knownName(
    'profile',
    options.profile,
    catalogue.profiles.map(({ name }) => name),
  );
  const selected = selectionOf(options, services, catalogue);
  // Where nothing else is selected, only what the adapters take part in.
  const flows = names.length > 0 ? undefined : flowsWith(adapters, services);
  const selection = {
    ...selected,
    ...(selected.flows === undefined && flows !== undefined ? { flows } : {}),
    ...(options.application === undefined ? {} : { application: options.application }),
  };
  const claimed = catalogue.profiles.find(({ name }) => name === profile)?.clauses ?? [];
  const { exploration } = options;
  const seedOfTrials = trialSeed(seed, id, adapters);
  const all =
    exploration === undefined
      ? planTrials(services, catalogue, { ...selection, claimed }, seedOfTrials)
      : explorationPlans(services, selection.flows, exploration, seedOfTrials);
  const relaying = new Relaying(options, adapters);
  const relayed = relaying.allowed(all);
  const { plans, leftOut: byAdapters } = allowed(relayed.plans, adapters);
  const leftOut = [...relayed.leftOut, ...byAdapters];
  if (all.length === 0) throw nothingToRun(services, selection);
  const calibration = lastCalibration(catalogue, version);
  const header = (bus: StartedBus): RunHeader => ({
    format: 1,
    id,
    startedAt: timestamp(),
    seed,
    claim: {
      ...claimOf(catalogue, profile, selection, all, options, services),
      ...(exploration === undefined ? {} : { explored: true }),
    },
    timeScale: options.timeScale,
    shortened: shortened.flatMap((result) => result.shortened),
    services,
    catalogue,
    environment: {
      busworthy: version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
      bus: { runtime: bus.runtime, serverVersion: bus.serverVersion },
      ...(adapters.length === 0 ? {} : { adapters: adapters.map(summaryOf) }),
    },
    ...(calibration === undefined ? {} : { calibration }),
    command: commandOf(names, options, selected, seed),
    ...(exploration?.defect === undefined ? {} : { defect: exploration.defect }),
    ...(leftOut.length === 0 ? {} : { leftOut }),
  });
  return { adapters, relaying, services, catalogue, plans, header };
}

function nothingToRun(services: readonly Service[], { clauses, flows }: Selection): Problem {
  const own = services.flatMap((service) => service.flows.filter(({ id }) => flows?.includes(id) ?? true));
  if (clauses?.every((clause) => clause.startsWith('CON-')) === true && own.every(({ pacts }) => pacts === undefined)) {
    const names = services.map(({ name }) => name).join(', ');
    return new Problem('contract', `no flow of ${names} that was selected has a pact: there is nothing to verify`, {
      next: 'put the pacts of its consumers into its folder pacts/, or name one with --pact',
    });
  }
  return new Problem('usage', 'nothing of what was selected can be run', {
    next: 'select a scenario that shows something about one of these flows and clauses (busworthy explain CLAUSE says what decides it)',
  });
}
