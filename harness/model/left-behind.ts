import { rowsIn, type History } from './history.ts';

/** Whether a trial so far leaves nothing to one that follows in its account: all waits were reached, and nothing went wrong with harness or adapters. */
export function leavesNothing(history: History): boolean {
  return (
    history.problem.length === 0 &&
    rowsIn(history, 'wait').every(({ reached }) => reached !== 'no') &&
    rowsIn(history, 'lifecycle').every(({ change }) => change !== 'failed')
  );
}
