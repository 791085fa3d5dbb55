import type { Command } from 'commander';
import { command, exitCodes, type Done } from './command.ts';

export function judgeSyntax(busworthy: Command, done: Done): void {
  command(busworthy, 'judge', 'judge a journal again, without a bus')
    .argument('<journal>', 'a journal that a run has written: reports/out/<run>/journal.bwj')
    .option('--out <folder>', 'write the reports there as well')
    .option('--deep', 'also rebuild from the seed what was sent, and compare it with the journal')
    .option('--json', 'print run.json to standard output')
    .addHelpText(
      'after',
      `
Examples:
  busworthy judge reports/out/latest/journal.bwj
  busworthy judge journal.bwj --out report
${exitCodes}`,
    )
    .action(async (journal: string, options: object) => {
      const { judgeCommand } = await import('../judge.ts');
      done(await judgeCommand(journal, options));
    });
}
