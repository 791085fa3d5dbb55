import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { busOptions } from '../shared-options.ts';
import { port, scale } from '../values.ts';
import { command, group, troubleCodes, type Done } from './command.ts';

export function busSyntax(busworthy: Command, done: Done): void {
  const bus = group(busworthy, 'bus', 'the reference bus on its own', 'busworthy bus up incident-lifecycle');
  busOptions(
    command(bus, 'up', 'start the bus of a service with its streams and users, until Ctrl-C')
      .argument('<service>', 'service to start it for, by folder')
      .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
      .option('--port <n>', 'port for clients; default a free one', port)
      .option('--time-scale <factor>', 'shorten declared durations by this factor', scale, 1)
      .option('--json', 'print address and credentials as JSON'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy bus up incident-lifecycle
  busworthy bus up custody-task --port 4222 --bus container

Exit codes:
  0    ended by Ctrl-C, SIGTERM or SIGHUP once it was up: nothing is left behind${troubleCodes}
  130  ended so before it was up`,
    )
    .action(async (service: string, options: object) => {
      const { busUpCommand } = await import('../bus-up.ts');
      done(await busUpCommand(service, options as Parameters<typeof busUpCommand>[1]));
    });
}
