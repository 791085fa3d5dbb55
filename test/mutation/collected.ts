/**
 * Stands in place of vitest where mutants are tried: its `expect`, and a `describe` and a `test` that only collect, so that each test is a
 * function that can be called again without its module being loaded again. Nothing but what the tests of the checkers and the model use.
 */
export { expect } from 'vitest';

export interface CollectedTest {
  readonly name: string;
  readonly run: () => unknown;
}

/** All that was collected since the start. */
export const collected: CollectedTest[] = [];
const within: string[] = [];

function inside(name: string, tell: () => void): void {
  within.push(name);
  tell();
  within.pop();
}

function add(name: string, run: () => unknown): void {
  collected.push({ name: [...within, name].join(' > '), run });
}

/** Calls `each` for every row, whose first value stands for %s in its name, and whose number tells it from the others. */
const ofRows =
  <T>(each: (name: string, run: () => T) => void) =>
  (rows: readonly unknown[]) =>
  (name: string, run: (...row: never[]) => T): void => {
    for (const [at, row] of rows.entries()) {
      const values = (Array.isArray(row) ? row : [row]) as never[];
      each(`${name.replace('%s', String(values[0]))} [${String(at)}]`, () => run(...values));
    }
  };

export const describe = Object.assign(inside, { each: ofRows(inside) });
const collecting = () => Object.assign((name: string, run: () => unknown) => add(name, run), { each: ofRows(add) });
export const test = collecting();
export const it = collecting();
