import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

interface Project {
  /** Folder under test/, and the project's name: `npm run unit -- --project laws`. */
  readonly folder: string;
  readonly timeoutMs: number;
  /** Whether its tests are handed a running nats-server: `inject('busUrl')`. */
  readonly bus: boolean;
}

/** Folders whose tests start processes; all other tests are the project `unit`. */
const STARTING: readonly Project[] = [
  { folder: 'tools', timeoutMs: 60_000, bus: false },
  { folder: 'laws', timeoutMs: 60_000, bus: true },
  { folder: 'integration', timeoutMs: 60_000, bus: true },
  { folder: 'cli', timeoutMs: 120_000, bus: false },
  { folder: 'browser', timeoutMs: 120_000, bus: false },
];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    reporters: ['./test/reporter.ts'],
    retry: 0,
    allowOnly: false,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: STARTING.map(({ folder }) => `test/${folder}/**`),
          testTimeout: 10_000,
        },
      },
      ...STARTING.map(({ folder, timeoutMs, bus }) => ({
        test: {
          name: folder,
          include: [`test/${folder}/**/*.test.ts`],
          testTimeout: timeoutMs,
          hookTimeout: timeoutMs,
          globalSetup: bus ? ['./test/global-setup.ts'] : [],
        },
      })),
    ],
  },
});
