import { checkContracts, type CheckSummary } from '../contracts/index.ts';
import { startClock } from '../engine/clock.ts';
import { rehearse } from '../generate/rehearse.ts';
import { Problems } from '../model/errors.ts';
import { report } from './trouble.ts';

/** Messages of each type that are made, to see that some can be. */
const rehearsals = 5;

/** Checks documents in full: every mistake of every document, or what was found sound. */
export async function contractsCheckCommand(
  only: readonly string[],
  options: { contracts: string; json?: boolean; verbose?: boolean },
): Promise<number> {
  const { epochMs } = startClock();
  const summary = await checkContracts(options.contracts, {
    ...(only.length === 0 ? {} : { only }),
    also: (service, place) => rehearse(service, place, epochMs, rehearsals),
  });
  if (options.json === true) process.stdout.write(`${JSON.stringify(asJson(summary), null, 2)}\n`);
  else for (const service of summary.services) process.stdout.write(lineOf(service));
  if (summary.problems.length > 0) {
    const code = report(new Problems(summary.problems), options.verbose ?? false);
    process.stderr.write(
      `${String(summary.problems.length)} ${summary.problems.length === 1 ? 'mistake' : 'mistakes'}\n`,
    );
    return code;
  }
  if (options.json !== true) {
    process.stdout.write(
      `${String(summary.clauses)} clauses, ${String(summary.profiles)} profiles, ${String(summary.requirements)} requirements: all documents are sound\n`,
    );
  }
  return 0;
}

function lineOf(service: CheckSummary['services'][number]): string {
  const { name, version, flows, messages, rules, examples, digest } = service;
  return `${name} ${version}: ${String(flows)} flows, ${String(messages)} messages, ${String(rules)} rules, ${String(examples)} examples, sha256 ${digest.slice(0, 12)}\n`;
}

function asJson(summary: CheckSummary): unknown {
  const problems = summary.problems.map(({ kind, message, place, next }) => ({ kind, message, place, next }));
  return { ...summary, problems };
}
