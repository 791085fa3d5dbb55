import { rowAt, type History } from './history.ts';

/** Whether a trial so far leaves nothing to one that follows in its account: all waits were reached, and nothing went wrong with harness or adapters. */
export function leavesNothing(history: History): boolean {
  const { wait, problem, lifecycle } = history;
  const waits = Array.from({ length: wait.length }, (_, row) => rowAt(history, 'wait', row).reached);
  const changes = Array.from({ length: lifecycle.length }, (_, row) => rowAt(history, 'lifecycle', row).change);
  return problem.length === 0 && !waits.includes('no') && !changes.includes('failed');
}
