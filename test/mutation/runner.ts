import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import type * as Collected from './collected.ts';
import type * as Searching from './search.ts';

/** What Stryker's mutated code and its runner share. */
interface Shared {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: never;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** Stryker works in a copy of the repository. */
const fileHere = (path: string): string => pathToFileURL(resolve(path)).href;

/** The tests that mutants are tried on, which need no bus: those of checkers and model, and others that say what the model is to be. */
const tests = [
  'test/checkers/**/*.test.ts',
  'test/model/**/*.test.ts',
  'test/observe/facts.test.ts',
  'test/observe/audit-chain.test.ts',
  'test/contracts/rules.test.ts',
  'test/evidence/judge.test.ts',
  'test/reports/transcript.test.ts',
  'test/adapters/http/binary-mode.test.ts',
];
/** Property laws, which would take most of the time. */
const leftOut = ['test/checkers/laws.test.ts'];

/**
 * Runs tests within Stryker's own process: modules are loaded once, and a mutant costs no more than the tests that reach it. Checkers are
 * functions of their history, so that no mutant leaves anything to the next. Tests that noticed the last mutants are tried first.
 */
export class RunnerWithin implements TestRunner {
  #tests: ReadonlyMap<string, Collected.CollectedTest> = new Map();
  #search: Searching.Search | undefined;
  /** How many mutants a test has noticed. */
  readonly #noticed = new Map<string, number>();
  readonly #shared: Shared = ((globalThis as unknown as Record<string, Shared | undefined>)[
    INSTRUMENTER_CONSTANTS.NAMESPACE
  ] ??= {});

  /** What is mutated both when a module is loaded and later is so later alone: nothing is loaded again. */
  capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  async init(): Promise<void> {
    const standIn = fileHere('test/mutation/collected.ts');
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'vitest' && context.parentURL !== standIn
          ? { url: standIn, shortCircuit: true }
          : next(specifier, context),
    });
    for (const file of globSync(tests, { exclude: leftOut }).toSorted()) await import(fileHere(file));
    const { collected } = (await import(standIn)) as typeof Collected;
    const { Search } = (await import(fileHere('test/mutation/search.ts'))) as typeof Searching;
    this.#search = new Search((call) => this.#unchanged(call));
    this.#tests = new Map(collected.map((one, at) => [`${String(at)} ${one.name}`, one]));
  }

  async dryRun(): Promise<DryRunResult> {
    const results: TestResult[] = [];
    for (const id of this.#tests.keys()) {
      this.#shared.currentTestId = id;
      results.push(await this.#run(id));
    }
    this.#shared.currentTestId = undefined;
    const { mutantCoverage } = this.#shared;
    return {
      status: DryRunStatus.Complete,
      tests: results,
      ...(mutantCoverage === undefined ? {} : { mutantCoverage }),
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(this.#shared, { activeMutant: activeMutant.id, hitCount: 0, hitLimit } satisfies Shared);
    const weight = (id: string): number => this.#noticed.get(id) ?? 0;
    const results: TestResult[] = [];
    const ids = (testFilter ?? [...this.#tests.keys()]).toSorted((a, b) => weight(b) - weight(a));
    for (const id of ids) {
      const result = await this.#run(id);
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      this.#noticed.set(id, weight(id) + 1);
      break;
    }
    const { hitCount } = this.#shared;
    // Whoever does not end has been noticed by now.
    Object.assign(this.#shared, { hitCount: undefined, hitLimit: undefined } satisfies Shared);
    const { status } = toMutantRunResult({ status: DryRunStatus.Complete, tests: results });
    // What is found here is a line of the approved text when the mutants have been tried.
    if (
      status === MutantRunStatus.Survived &&
      this.#search?.notices(
        activeMutant.id,
        ids.flatMap((id) => kindOf(id)),
      ) === true
    )
      results.push({
        id: ids[0] ?? '',
        name: 'neighbour',
        timeSpentMs: 0,
        status: TestStatus.Failed,
        failureMessage: 'found',
      });
    Object.assign(this.#shared, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined } satisfies Shared);
    return toMutantRunResult(
      determineHitLimitReached(hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests: results },
    );
  }

  #unchanged<T>(call: () => T): T {
    const { activeMutant } = this.#shared;
    this.#shared.activeMutant = undefined;
    try {
      return call();
    } finally {
      this.#shared.activeMutant = activeMutant;
    }
  }

  async #run(id: string): Promise<TestResult> {
    const began = performance.now();
    const result = { id, name: id, timeSpentMs: 0 };
    const spent = (): number => performance.now() - began;
    try {
      await this.#tests.get(id)?.run();
      return { ...result, status: TestStatus.Success, timeSpentMs: spent() };
    } catch (cause) {
      return { ...result, status: TestStatus.Failed, failureMessage: String(cause), timeSpentMs: spent() };
    }
  }
}

/** The kind of histories that a test of neighbours is about. */
const kindOf = (id: string): readonly string[] => {
  const [, name] = /neighbours\.txt .* > of (.*) \[\d+\]$/u.exec(id) ?? [];
  return name === undefined ? [] : [name];
};

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'within', RunnerWithin)];
