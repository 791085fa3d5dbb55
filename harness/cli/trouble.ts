import { formatPlace, Problem, Problems } from '../model/errors.ts';

/** Says what went wrong, where, and what to do next, on standard error; gives the exit code. */
export function report(cause: unknown, verbose: boolean): number {
  if (cause instanceof Problems) {
    for (const problem of cause.problems) tell(problem, verbose);
    return cause.exitCode;
  }
  if (cause instanceof Problem) {
    tell(cause, verbose);
    return cause.exitCode;
  }
  const error = cause instanceof Error ? cause : new Error(String(cause));
  process.stderr.write(`busworthy: a fault of Busworthy itself: ${error.message}\n`);
  process.stderr.write(
    verbose ? `${error.stack ?? ''}\n` : '  next: run it again with --verbose, and report what it prints\n',
  );
  return 4;
}

function tell(problem: Problem, verbose: boolean): void {
  const place = problem.place === undefined ? '' : `${formatPlace(problem.place)}: `;
  process.stderr.write(`${place}${problem.message}\n  next: ${problem.next}\n`);
  if (verbose) process.stderr.write(`${problem.stack ?? ''}\n`);
}
