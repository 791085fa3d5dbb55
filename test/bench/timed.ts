import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const cli = resolve(import.meta.dirname, '../../harness/cli/main.ts');

export interface Timed {
  readonly code: number | null;
  /** From start to the first line with each of the marks, in milliseconds; NaN where none came. */
  readonly firstMs: readonly number[];
  /** From start to end, in milliseconds. */
  readonly totalMs: number;
}

/** Runs the program as a user does, its reports thrown away, and times its lines. */
export async function timed(args: readonly string[], ...marks: readonly RegExp[]): Promise<Timed> {
  const out = mkdtempSync(join(tmpdir(), 'busworthy-bench-'));
  try {
    const began = performance.now();
    const child = spawn(process.execPath, [cli, ...args, '--out', out], { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const firstMs = marks.map(() => Number.NaN);
    for await (const line of createInterface({ input: child.stdout })) {
      for (const [index, mark] of marks.entries()) {
        if (Number.isNaN(firstMs[index]) && mark.test(line)) firstMs[index] = performance.now() - began;
      }
    }
    const code = await exited;
    return { code, firstMs, totalMs: performance.now() - began };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

export const seconds = (ms = Number.NaN): string => `${(ms / 1000).toFixed(2)} s`;
