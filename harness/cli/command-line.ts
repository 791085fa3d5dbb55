import type { Selection } from '../../scenarios/plan.ts';
import { brokerCommand } from './broker.ts';
import { defaultContracts } from './defaults.ts';
import { option } from './option.ts';
import type { RunOptions } from './run-options.ts';

/** A command line that does the same again: all that decides what a trial meets, with the seed that was taken. */
export function commandOf(
  names: readonly string[],
  options: RunOptions,
  selection: Selection,
  seed: number,
): readonly string[] {
  const { exploration } = options;
  return [
    ...(exploration === undefined ? ['run'] : ['explore']),
    ...names,
    ...option('--runs', exploration && String(exploration.runs)),
    ...option('--from', exploration && String(exploration.from)),
    ...option('--seconds', exploration && String(exploration.seconds)),
    ...option('--defect', exploration?.defect),
    ...option('--contracts', options.contracts === defaultContracts ? undefined : options.contracts),
    ...option('--seed', String(seed)),
    ...option('--profile', options.profile),
    ...option('--scenario', selection.scenarios?.join(',')),
    ...option('--clause', selection.clauses?.join(',')),
    ...option('--flow', selection.flows?.join(',')),
    ...option('--time-scale', String(options.timeScale)),
    ...(options.adapter ?? []).flatMap((file) => ['--adapter', file]),
    ...(options.throughAdapters === true ? ['--through-adapters'] : []),
    ...(options.pact ?? []).flatMap((file) => ['--pact', file]),
    ...(options.pact === undefined ? brokerCommand(options) : []),
    ...option('--provider-application', options.providerApplication),
    ...option('--provider-states-setup-url', options.providerStatesSetupUrl),
    ...(options.relay === undefined ? [] : [options.relay ? '--relay' : '--no-relay']),
    ...option('--bus', options.bus),
    ...option('--nats-server', options.natsServer),
    ...option('--creds', options.creds),
    ...option('--ca', options.ca),
  ];
}
