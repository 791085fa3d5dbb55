import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** The tests that mutants are tried on: those that need no bus, without the property laws, which would take most of the time. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: ['test/checkers/**/*.test.ts', 'test/model/**/*.test.ts'],
    exclude: ['test/checkers/laws.test.ts'],
    retry: 0,
    allowOnly: false,
    testTimeout: 15_000,
  },
});
