import type { SerializedError, TestCase, TestModule, TestRunEndReason } from 'vitest/node';
import { DefaultReporter } from 'vitest/node';

const SLOW_TEST_MS = 2_000;
const SLOWEST_SHOWN = 10;

/**
 * Vitest's own report, then the slow tests, each skipped test with its reason, and as the very last line
 * `N passed, N failed` (and `, N skipped` where there are any).
 */
export default class ClosingLineReporter extends DefaultReporter {
  constructor() {
    super({ summary: false });
  }

  override onTestRunEnd(
    modules: readonly TestModule[],
    unhandled: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, unhandled, reason);
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    for (const line of [...slow(tests), ...skipped(tests)]) this.log(line);
    this.log(closingLine(modules, tests, unhandled.length, reason));
  }
}

function slow(tests: readonly TestCase[]): string[] {
  const found = tests
    .map((test) => ({ test, durationMs: test.diagnostic()?.duration ?? 0 }))
    .filter(({ durationMs }) => durationMs >= SLOW_TEST_MS)
    .toSorted((a, b) => b.durationMs - a.durationMs)
    .slice(0, SLOWEST_SHOWN);
  return found.map(({ test, durationMs }) => `slow: ${(durationMs / 1000).toFixed(1)} s ${title(test)}`);
}

function skipped(tests: readonly TestCase[]): string[] {
  return tests.flatMap((test) => {
    const result = test.result();
    return result.state === 'skipped' ? [`skipped: ${title(test)}: ${result.note ?? 'no reason given'}`] : [];
  });
}

/** A file that cannot be loaded, a failed hook of a suite and an error outside of any test are failures too. */
function closingLine(
  modules: readonly TestModule[],
  tests: readonly TestCase[],
  unhandled: number,
  reason: TestRunEndReason,
): string {
  const count = (state: string) => tests.filter((test) => test.result().state === state).length;
  const suites = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  const neverEnded = count('pending');
  const counted = count('failed') + neverEnded + unhandled + suites.filter((suite) => suite.errors().length > 0).length;
  const failed = counted === 0 && reason !== 'passed' ? 1 : counted;
  const skips = count('skipped');
  return `${String(count('passed'))} passed, ${String(failed)} failed${skips > 0 ? `, ${String(skips)} skipped` : ''}`;
}

function title(test: TestCase): string {
  return `${test.module.relativeModuleId} › ${test.fullName}`;
}
