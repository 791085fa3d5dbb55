import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

import { killGroup, type Guard } from './guard.ts';
import { Output } from './output.ts';
import type { Exit, Run } from './run.ts';

/** How long the last output of a process that has ended may take. */
const lastOutputMs = 1000;

export interface ProcessOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly guard: Guard;
  readonly onLine: (line: string) => void;
}

/** One life of an adapter's process, with all that it starts itself: a process group of its own. */
export class AdapterProcess implements Run {
  readonly output: Output;
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  constructor({ command, cwd, environment, guard, onLine }: ProcessOptions) {
    const [program = '', ...args] = command;
    this.output = new Output(onLine);
    const child = spawn(program, args, {
      cwd,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    if (child.pid !== undefined) guard.add(child.pid);
    this.output.read(child.stdout);
    this.output.read(child.stderr);
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const ended = new Promise<Exit>((resolve) => {
      child.once('error', (error: NodeJS.ErrnoException) => {
        if (child.pid === undefined)
          resolve({ how: `could not be started (${error.code ?? error.name})`, clean: false });
      });
      child.once('exit', (code, signal) =>
        resolve({
          how: signal === null ? `ended with exit code ${String(code)}` : `was ended by ${signal}`,
          clean: code === 0,
        }),
      );
    });
    this.exited = ended.then(async (exit) => {
      if (child.pid === undefined) return exit;
      // what it started itself goes with it, and lets go of its output
      killGroup(child.pid);
      guard.drop(child.pid);
      await Promise.race([closed, delay(lastOutputMs, undefined, { ref: false })]);
      child.stdout.destroy();
      child.stderr.destroy();
      return exit;
    });
  }

  terminate(): void {
    this.#child.kill('SIGTERM');
  }

  kill(): void {
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null)
      killGroup(this.#child.pid);
  }
}
