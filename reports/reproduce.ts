import type { Run } from '../harness/model/run.ts';
import { serviceOf } from './overview.ts';
import { printable } from './printable.ts';

/** Options of the bus and the ends, which hold for a counterexample too: its file does not tell them. */
const ofPlace: readonly string[] = [
  'bus',
  'nats-server',
  'creds',
  'ca',
  'contracts',
  'adapter',
  'provider-application',
  'provider-states-setup-url',
];

/** Options that decide what a trial meets, nearly all with a value; the others choose which trials run and where results go. */
const ofTrial: readonly string[] = [
  ...ofPlace,
  'profile',
  'time-scale',
  'through-adapters',
  'pact',
  'pact-broker-url',
  'consumer-version-selectors',
  'enable-pending',
  'include-wip-pacts-since',
  'provider-version-branch',
];

/** Those that have none. */
const alone = ['--through-adapters', '--enable-pending'];

/** The command that performs a trial again, for a POSIX shell. A trial's own seed follows from the run's seed and its id. */
export function reproduce(run: Run, trialId: string): string {
  const trial = run.trials.find(({ id }) => id === trialId);
  if (trial === undefined) return commandOf(run);
  const service = serviceOf(run, trial.flow);
  const explored = run.header.claim.explored === true ? /-(\d+)$/u.exec(trial.id)?.[1] : undefined;
  if (explored !== undefined) {
    const defect = run.header.defect === undefined ? [] : ['--defect', run.header.defect];
    const only = ['--flow', trial.flow, '--from', explored, '--runs', '1', '--seed', String(run.header.seed)];
    return shell(['explore', service?.name ?? trial.flow, ...only, ...defect, ...environmentOptions(run)]);
  }
  return shell([
    'run',
    service?.name ?? trial.flow,
    ...(service?.flows.length === 1 ? [] : ['--flow', trial.flow]),
    '--scenario',
    trial.scenario,
    '--seed',
    String(run.header.seed),
    ...environmentOptions(run),
  ]);
}

/** The command that performs a counterexample again. The file itself tells contracts' durations and adapters. */
export function replayCommand(run: Run, file: string): string {
  return shell(['replay', file, ...environmentOptions(run, ofPlace)]);
}

/** The command that performs the whole run again. */
export function commandOf(run: Run): string {
  return shell(run.header.command);
}

function environmentOptions(run: Run, carried = ofTrial): readonly string[] {
  const { command } = run.header;
  return command.flatMap((option, at) => {
    const name = /^--([^=]+)/u.exec(option)?.[1];
    if (name === undefined || !carried.includes(name)) return [];
    const value = command[at + 1];
    return alone.includes(option) || option.includes('=') || value === undefined ? [option] : [option, value];
  });
}

function shell(args: readonly string[]): string {
  return printable(['busworthy', ...args.map(quoted)].join(' '));
}

function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/u.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`;
}
