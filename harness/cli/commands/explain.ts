import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { command, troubleCodes, type Done } from './command.ts';

export function explainSyntax(busworthy: Command, done: Done): void {
  command(busworthy, 'explain', 'explain a clause: what it asks, why, and how it is tested')
    .argument('[clause]', 'a clause such as ORD-1; default lists them all')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      `
Examples:
  busworthy explain
  busworthy explain DLQ-4

Exit codes:
  0    explained${troubleCodes}`,
    )
    .action(async (clause: string | undefined, options: object) => {
      const { explainCommand } = await import('../explain.ts');
      done(await explainCommand(clause, options as Parameters<typeof explainCommand>[1]));
    });
}
