import type { Command } from 'commander';
import { adapterOptions, brokerOptions, runOptions } from '../shared-options.ts';
import { command, exitCodes, type Done } from './command.ts';

export function runSyntax(busworthy: Command, done: Done): void {
  brokerOptions(
    runOptions(
      adapterOptions(
        command(
          busworthy,
          'run',
          'run the scenarios of services on the bus, judge them and write the reports',
        ).argument('[services...]', 'services to run, by folder; default all of them'),
      ),
    ),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy run
  busworthy run custody-task anpr-hit --profile core
  busworthy run --scenario crash,restart-subscriber --flow custody-task/tasks --seed 42
  busworthy run --adapter adapter.yaml
  busworthy run --bus container
  busworthy run --bus nats://bus.example:4222 --creds me.creds
${exitCodes}`,
    )
    .action(async (services: string[], options: object) => {
      const { runCommand } = await import('../run.ts');
      done(await runCommand(services, options as Parameters<typeof runCommand>[1]));
    });
}
