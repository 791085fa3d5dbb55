import type { Command } from 'commander';
import { exploreShrinkSeconds } from '../defaults.ts';
import { adapterOptions, runOptions } from '../shared-options.ts';
import { positive, seconds } from '../values.ts';
import { command, troubleCodes, type Done } from './command.ts';

export function exploreSyntax(busworthy: Command, done: Done): void {
  runOptions(
    adapterOptions(
      command(
        busworthy,
        'explore',
        'perform workloads by chance on every flow, and shrink the first that breaks a clause',
      )
        .argument('[services...]', 'services to explore, by folder; default all of them')
        .option('--runs <n>', 'workloads for each flow', positive, 20)
        .option('--seconds <n>', 'begin no workload after so many seconds', seconds, 60)
        .option('--from <n>', 'number of the first workload of each flow: a later one again, alone', positive, 1)
        .option('--defect <name>', 'break the harness’s own adapters or bus by a defect of the bank, to see it found'),
    ),
    [],
    exploreShrinkSeconds,
  )
    .addHelpText(
      'after',
      `
A workload is drawn from the seed: messages, keys, sizes, duplicates, broken ones, what the applications
answer, crashes and restarts. It claims nothing; whatever clause it breaks is broken.

Examples:
  busworthy explore
  busworthy explore custody-task --runs 200 --seconds 30 --seed 7
  busworthy explore --adapter adapter.yaml
  busworthy explore --defect acknowledges-before-effect

Exit codes:
  0    no workload breaks a MUST clause of the profile
  1    one does
  2    of a flow every workload was inconclusive, or none was performed${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (services: string[], options: object) => {
      const { exploreCommand } = await import('../explore.ts');
      done(await exploreCommand(services, options as Parameters<typeof exploreCommand>[1]));
    });
}
