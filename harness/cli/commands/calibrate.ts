import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { busOptions } from '../shared-options.ts';
import { integer, positive } from '../values.ts';
import { command, troubleCodes, type Done } from './command.ts';

export function calibrateSyntax(busworthy: Command, done: Done): void {
  busOptions(
    command(
      busworthy,
      'calibrate',
      'break the reference adapters and the bus on purpose, and see that each defect is caught',
    )
      .argument('[defects...]', 'defects to try, by name; default all of them')
      .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
      .option('--seed <n>', 'seed of everything random', integer)
      .option('--width <n>', 'trials that run side by side', positive)
      .option('--through-adapters', 'only the defects of adapters, as programs behind the application port')
      .option('--record', 'keep the result of the whole bank as that of this version, which every run tells')
      .option(
        '--sample <n>',
        'beside those that only a program shows, so many of the defects, drawn by the seed',
        positive,
      )
      .option('--list', 'list the defects and end')
      .option('--json', 'print the results as JSON to standard output'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy calibrate
  busworthy calibrate acknowledges-before-effect --seed 3
  busworthy calibrate --record
  busworthy calibrate --through-adapters --sample 12
  busworthy calibrate --list

Exit codes:
  0    every defect is caught by the clause that it names, and every healthy run is green
  1    one is not${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (defects: string[], options: object) => {
      const { calibrateCommand } = await import('../calibrate.ts');
      done(await calibrateCommand(defects, options as Parameters<typeof calibrateCommand>[1]));
    });
}
