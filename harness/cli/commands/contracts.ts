import type { Command } from 'commander';
import { defaultContracts } from '../defaults.ts';
import { command, group, troubleCodes, type Done } from './command.ts';

export function contractsSyntax(busworthy: Command, done: Done): void {
  const contracts = group(busworthy, 'contracts', 'work with contract documents', 'busworthy contracts check');
  command(contracts, 'check', 'check contract documents: AsyncAPI, x-flow, x-rules, schemas, examples, the catalogues')
    .argument('[services...]', 'services to check, by folder; default all of them')
    .option('--contracts <folder>', 'folder of the contracts', defaultContracts)
    .option('--json', 'print the result as JSON to standard output')
    .addHelpText(
      'after',
      `
Examples:
  busworthy contracts check
  busworthy contracts check incident-lifecycle
  busworthy contracts check --contracts ../our-contracts --json

Exit codes:
  0    every document is sound${troubleCodes}`,
    )
    .action(async (services: string[], options: object) => {
      const { contractsCheckCommand } = await import('../contracts-check.ts');
      done(await contractsCheckCommand(services, options as Parameters<typeof contractsCheckCommand>[1]));
    });
}
