import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** One step of `npm test`. */
export interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** `itself`: the step is one test, by its exit code. `its tests`: it ends with the line `N passed, N failed`. */
  readonly counts: 'itself' | 'its tests';
  readonly timeoutMs: number;
  /** Glob of files without which there is nothing to run; the step is then skipped, and said to be. */
  readonly needs?: string;
}

export interface StepResult {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** What was skipped, each with its reason. */
  readonly skipped: readonly string[];
  readonly durationMs: number;
  /** What went wrong beside the failed tests themselves. */
  readonly trouble?: string;
  /** What it printed last, where it failed: there is why. */
  readonly last?: readonly string[];
}

/** How many lines are kept of what a failed step printed last. */
const lastLines = 25;

const CLOSING_LINE = /^(\d+) passed, (\d+) failed(?:, \d+ skipped)?$/;
const SKIPPED_LINE = /^skipped: (.+)$/;

/**
 * Runs the step, hands every line of its output to `print`, and counts. A step that ends with another exit code than 0,
 * by a signal or at its time limit has failed, whatever it printed; so has one that says that it ran no test.
 */
export async function runStep(step: Step, print: (line: string) => void): Promise<StepResult> {
  const start = performance.now();
  const [program, ...args] = step.command;
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: step.timeoutMs });
  const lines: string[] = [];
  const all: string[] = [];
  const show = (line: string) => {
    all.push(line);
    print(line);
  };
  const keep = (line: string) => {
    lines.push(line);
    show(line);
  };
  const [end] = await Promise.all([ended(child), each(child.stdout, keep), each(child.stderr, show)]);
  const result = judge(step, lines, end);
  const last = result.failed > 0 ? { last: all.slice(-lastLines) } : {};
  return { ...result, ...last, durationMs: performance.now() - start };
}

/** Sums up: the closing line of the whole, in the same form as a step's. */
export function closingLine(results: readonly StepResult[]): string {
  const sum = (key: 'passed' | 'failed') => results.reduce((total, result) => total + result[key], 0);
  return `${String(sum('passed'))} passed, ${String(sum('failed'))} failed`;
}

function judge(step: Step, lines: readonly string[], end: string): Omit<StepResult, 'durationMs' | 'last'> {
  const result = { name: step.name, skipped: lines.flatMap((line) => SKIPPED_LINE.exec(line)?.slice(1) ?? []) };
  const trouble = end === 'exit code 0' ? undefined : end;
  if (step.counts === 'itself') {
    return trouble === undefined ? { ...result, passed: 1, failed: 0 } : { ...result, passed: 0, failed: 1, trouble };
  }
  const closing = lines.map((line) => CLOSING_LINE.exec(line)).findLast((match) => match !== null);
  if (closing === undefined) return { ...result, passed: 0, failed: 1, trouble: `no closing line, ${end}` };
  const [passed, failed] = [Number(closing[1]), Number(closing[2])];
  if (failed > 0) return { ...result, passed, failed };
  if (trouble !== undefined) return { ...result, passed, failed: 1, trouble: `all tests passed, yet ${trouble}` };
  if (passed + result.skipped.length === 0) return { ...result, passed, failed: 1, trouble: 'it ran no test' };
  return { ...result, passed, failed };
}

type Child = ReturnType<typeof spawn>;

function ended(child: Child): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('error', (error) => resolve(`not started: ${error.message}`));
  child.once('close', (code, signal) => resolve(signal === null ? `exit code ${String(code)}` : `ended by ${signal}`));
  return promise;
}

async function each(stream: Readable, take: (line: string) => void): Promise<void> {
  // Some tools colour their output in CI whatever NO_COLOR says.
  for await (const line of createInterface({ input: stream })) take(stripVTControlCharacters(line));
}
