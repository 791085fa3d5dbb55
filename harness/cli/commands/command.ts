import type { Command, CommanderError } from 'commander';
import { Problem } from '../../model/errors.ts';

/** Takes the exit code of a command that has ended. */
export type Done = (code: number) => void;

export const troubleCodes = `
  3    the command line, a contract document or a journal is wrong
  4    the environment or the harness is in trouble`;

export const exitCodes = `
Exit codes:
  0    every MUST clause of the profile passes
  1    one fails
  2    one is inconclusive or was not tested${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`;

/** A command that only holds others. */
export function group(parent: Command, name: string, description: string, example: string): Command {
  return parent
    .command(name)
    .description(description)
    .exitOverride(usageOf(`busworthy ${name}`))
    .addHelpText('after', `\nExample:\n  ${example}\n\nExit codes: those of its commands.`);
}

export function command(parent: Command, name: string, description: string): Command {
  const path = parent.name() === 'busworthy' ? `busworthy ${name}` : `busworthy ${parent.name()} ${name}`;
  return parent
    .command(name)
    .description(description)
    .option('--verbose', 'show stack traces')
    .exitOverride(usageOf(path));
}

/** The library's errors as usage problems of the command; the end of a help page goes on as it is. */
export function usageOf(path: string): (error: CommanderError) => void {
  return (error) => {
    if (error.code === 'commander.help' || error.exitCode === 0) throw error;
    const what = error.message.replace(/^error: /, '').replace(/\s*\n\((Did you mean .*)\)/, '. $1');
    throw new Problem('usage', `${path}: ${what}`, { next: `${path} --help`, cause: error });
  };
}
