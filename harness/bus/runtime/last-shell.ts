import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * A shell that outlives this process: its standard input ends with this process, however that ends, and its script then clears up. It is
 * in a process group of its own, so that Ctrl-C does not reach it, and keeps this process from nothing. Where there is no shell,
 * nothing is cleared up by it.
 */
export class LastShell {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /** @param name as process lists show it */
  constructor(script: string, name: string) {
    this.#child = spawn('/bin/sh', ['-c', script, name], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => resolve());
      this.#child.once('error', () => resolve());
    });
    this.#child.stdin?.on('error', () => undefined);
    this.#child.unref();
    if (this.#child.stdin instanceof Socket) this.#child.stdin.unref();
  }

  tell(lines: string): void {
    this.#child.stdin?.write(lines);
  }

  /** Ends its input, and resolves when it has ended too. */
  async end(lines = ''): Promise<void> {
    this.#child.ref();
    this.#child.stdin?.end(lines);
    await this.#ended;
  }
}
