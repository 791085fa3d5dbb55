import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

interface Project {
  /** Folder under test/, and the project's name: `npm run unit -- --project cli`. */
  readonly folder: string;
  readonly timeoutMs: number;
  /** Its files run in turn: what they time is not to be starved by each other. */
  readonly inTurn?: true;
}

/** Folders whose tests are slower or start programs; all other tests are the project `unit`. */
const APART: readonly Project[] = [
  { folder: 'tools', timeoutMs: 60_000 },
  { folder: 'integration', timeoutMs: 60_000, inTurn: true },
  { folder: 'cli', timeoutMs: 120_000, inTurn: true },
  { folder: 'browser', timeoutMs: 120_000 },
];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    reporters: ['./test/reporter.ts'],
    globalSetup: ['./test/global-setup.ts'],
    retry: 0,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: APART.map(({ folder }) => `test/${folder}/**`),
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      ...APART.map(({ folder, timeoutMs, inTurn }) => ({
        extends: true as const,
        test: {
          name: folder,
          include: [`test/${folder}/**/*.test.ts`],
          fileParallelism: inTurn !== true,
          testTimeout: timeoutMs,
          hookTimeout: timeoutMs,
        },
      })),
    ],
  },
});
