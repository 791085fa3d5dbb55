import { globSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
  type DryRunResult,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
} from '@stryker-mutator/api/test-runner';
import type * as Collected from './collected.ts';
import type * as Histories from './histories.ts';

/** What Stryker's mutated code and its runner share. */
interface Shared {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: never;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

/** Environment variable with the path of the journal whose histories mutants are tried on. */
export const journalVariable = 'MUTATION_HISTORIES';

/** Stryker works in a copy of the repository. */
const fileHere = (path: string): string => pathToFileURL(resolve(path)).href;

/** The tests that mutants are tried on: those that need no bus. */
const tests = ['test/checkers/**/*.test.ts', 'test/model/**/*.test.ts'];
/** Property laws, which would take most of the time. */
const leftOut = ['test/checkers/laws.test.ts'];

/**
 * Runs tests within Stryker's own process: modules are loaded once, and a mutant costs no more than the tests that reach it. Checkers are
 * functions of their history, so that no mutant leaves anything to the next. Tests that noticed the last mutants are tried first.
 */
export class RunnerWithin implements TestRunner {
  #tests: ReadonlyMap<string, Collected.CollectedTest> = new Map();
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
    const { historyTests } = (await import(fileHere('test/mutation/histories.ts'))) as typeof Histories;
    const recorded = historyTests(process.env[journalVariable] ?? '');
    this.#tests = new Map([...collected, ...recorded].map((one, at) => [`${String(at)} ${one.name}`, one]));
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
    for (const id of (testFilter ?? [...this.#tests.keys()]).toSorted((a, b) => weight(b) - weight(a))) {
      const result = await this.#run(id);
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      this.#noticed.set(id, weight(id) + 1);
      break;
    }
    const { hitCount } = this.#shared;
    Object.assign(this.#shared, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined } satisfies Shared);
    return toMutantRunResult(
      determineHitLimitReached(hitCount, hitLimit) ?? { status: DryRunStatus.Complete, tests: results },
    );
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

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'within', RunnerWithin)];
