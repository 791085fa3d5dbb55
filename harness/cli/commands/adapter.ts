import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { runOptions } from '../shared-options.ts';
import { command, exitCodes, group, troubleCodes, type Done } from './command.ts';

export function adapterSyntax(busworthy: Command, done: Done): void {
  const adapter = group(
    busworthy,
    'adapter',
    'work with an adapter under test',
    'busworthy adapter check adapter.yaml',
  );
  runOptions(
    command(adapter, 'check', 'check an adapter: whether it can be spoken to at all, then every clause of its roles')
      .argument('<file>', 'adapter.yaml, or the folder with it: whose adapter it is, and how it is started')
      .option('--watch', 'check again whenever a file beside adapter.yaml changes'),
  )
    .addHelpText(
      'after',
      `
Examples:
  busworthy adapter check adapter.yaml
  busworthy adapter check adapter.yaml --watch
  busworthy adapter check adapter.yaml --scenario retried --seed 7
${exitCodes}`,
    )
    .action(async (file: string, options: object) => {
      const { adapterCheckCommand } = await import('../adapter-check.ts');
      done(await adapterCheckCommand(file, options as Parameters<typeof adapterCheckCommand>[1]));
    });

  command(adapter, 'init', 'write a working adapter to start from')
    .argument('<folder>', 'folder to write it to; empty, or not there yet')
    .option('--language <name>', 'go, java, python or typescript')
    .option('--service <name>', 'service that it is for, by folder; default custody-task')
    .option('--application <name>', 'application of the service that it stands for; default forensic')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .addHelpText(
      'after',
      `
Examples:
  busworthy adapter init --language python my-adapter
  busworthy adapter init --language go --service incident-lifecycle --application mobile ../mobile-adapter

Exit codes:
  0    the folder is there${troubleCodes}
  130  ended by Ctrl-C, SIGTERM or SIGHUP: nothing is left behind`,
    )
    .action(async (folder: string, options: object) => {
      const { adapterInitCommand } = await import('../adapter-init.ts');
      done(await adapterInitCommand(folder, options as Parameters<typeof adapterInitCommand>[1]));
    });
}
