import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { adapterOptions, busOptions } from '../shared-options.ts';
import { httpUrl, positive } from '../values.ts';
import { command, troubleCodes, type Done } from './command.ts';

export function replaySyntax(busworthy: Command, done: Done): void {
  busOptions(
    adapterOptions(
      command(busworthy, 'replay', 'perform a counterexample again: the smallest workload under which a clause failed')
        .argument('<file>', 'a counterexample that a run has written: reports/out/<run>/counterexample-….json')
        .option('--times <n>', 'how often', positive, 1)
        .option('--force', 'perform it on other contracts than those that it was found with')
        .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
        .option('--json', 'print the result as JSON to standard output')
        .option('--provider-application <url>', 'the real provider application that it was found with', httpUrl)
        .option('--provider-states-setup-url <url>', 'where that sets up its provider states', httpUrl),
    ),
  )
    .addHelpText(
      'after',
      `
The adapters that it was found with are taken, unless others are named.

Examples:
  busworthy replay reports/out/latest/counterexample-DEL-3-custody-task-tasks.json
  busworthy replay counterexample.json --times 20
  busworthy replay counterexample.json --adapter adapter.yaml

Exit codes:
  0    the clause holds, every time
  1    it fails
  2    it does not fail, and whether it holds cannot be said${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (file: string, options: object) => {
      const { replayCommand } = await import('../replay.ts');
      done(await replayCommand(file, options as Parameters<typeof replayCommand>[1]));
    });
}
