import { Command, CommanderError } from 'commander';
import { exitCodes, usageOf, type Done } from './commands/command.ts';
import { adapterSyntax } from './commands/adapter.ts';
import { busSyntax } from './commands/bus.ts';
import { calibrateSyntax } from './commands/calibrate.ts';
import { contractsSyntax } from './commands/contracts.ts';
import { explainSyntax } from './commands/explain.ts';
import { exploreSyntax } from './commands/explore.ts';
import { judgeSyntax } from './commands/judge.ts';
import { pactSyntax } from './commands/pact.ts';
import { replaySyntax } from './commands/replay.ts';
import { runSyntax } from './commands/run.ts';
import { version } from './defaults.ts';
import { report } from './trouble.ts';

/** The commands, in the order in which help lists them. */
const syntaxes = [
  runSyntax,
  judgeSyntax,
  exploreSyntax,
  replaySyntax,
  calibrateSyntax,
  contractsSyntax,
  adapterSyntax,
  pactSyntax,
  busSyntax,
  explainSyntax,
];

/** Runs one command line, and gives the exit code. Commands are loaded when they are called: help comes at once. */
export async function program(args: readonly string[]): Promise<number> {
  let code = 0;
  const command = build((result) => {
    code = result;
  });
  try {
    await command.parseAsync(args, { from: 'user' });
    return code;
  } catch (cause) {
    // help and version, asked for (0) or for want of a command
    if (cause instanceof CommanderError) return cause.exitCode === 0 ? 0 : 3;
    return report(cause, args.includes('--verbose'));
  }
}

function build(done: Done): Command {
  const busworthy = new Command('busworthy')
    .description(
      'Proves that a service is fit to travel on the bus: runs its contracts and scenarios across a NATS reference bus, and reports.',
    )
    .version(version, '-V, --version')
    .exitOverride(usageOf('busworthy'))
    .configureOutput({ outputError: () => undefined })
    .addHelpText(
      'after',
      `
Examples:
  busworthy run                                   all six services on a bus of their own
  busworthy run incident-lifecycle --seed 7       one service, a seed of your own
  busworthy run --scenario duplicates --clause DUP-2
  busworthy judge reports/out/latest/journal.bwj  the same verdicts again, without a bus
  busworthy explain ORD-1
${exitCodes}`,
    );

  for (const add of syntaxes) add(busworthy, done);
  return busworthy;
}
