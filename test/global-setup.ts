import type { TestProject } from 'vitest/node';
import { findServer } from '../harness/bus/runtime/binary/find.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the nats-server that the tests use; absent where none was to be had. */
    readonly serverBinary?: string;
  }
}

/**
 * Before any test: finds nats-server, and fetches it where the machine has none, once and outside of any test's time limit.
 * Where that fails, tests without a bus still run, and each test with one fails with the reason.
 */
export default async function setup(project: TestProject): Promise<void> {
  try {
    const { path } = await findServer({ progress: (line) => console.log(`nats-server: ${line}`) });
    project.provide('serverBinary', path);
  } catch (error) {
    console.error(`nats-server: ${error instanceof Error ? error.message : String(error)}`);
  }
}
