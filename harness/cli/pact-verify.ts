import { consoleReport } from '../../reports/console.ts';
import { pactReport } from '../../reports/pacts.ts';
import { runJson } from '../../reports/run-json.ts';
import { coloured } from './colour.ts';
import { columnsOf } from './columns.ts';
import { interruptible } from './interrupt.ts';
import { checkBusOptions } from './open-bus.ts';
import type { RunOptions } from './run-options.ts';
import { performRun } from './run.ts';

/** Clauses that pacts decide: of the provider, and of the consumer. */
const clauses = ['CON-1', 'CON-2'];

/** Verifies pacts over the bus, and nothing else; tells each interaction, and of a failure the message that shows it. */
export function pactVerifyCommand(names: readonly string[], options: RunOptions): Promise<number> {
  checkBusOptions(options);
  const talk = options.json === true ? process.stderr : process.stdout;
  return interruptible(async (interrupt) => {
    const { run, folder, mismatches, publish } = await performRun(
      names,
      { clause: clauses, ...options },
      talk,
      interrupt,
    );
    if (options.json === true) process.stdout.write(runJson(run));
    talk.write(pactReport(run, mismatches));
    talk.write(`\n${consoleReport(run, { colour: coloured(talk), width: columnsOf(talk), folder })}`);
    talk.write(`\nReports: ${folder}\n`);
    await publish();
    return run.exitCode;
  });
}
