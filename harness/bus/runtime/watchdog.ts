import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Writable } from 'node:stream';

/**
 * Reads what to guard from its standard input. The input ends with the harness, however that ends: then the server is
 * killed and its folder removed. It is in a process group of its own, so that Ctrl-C does not reach it.
 */
const script = `
trap '' INT TERM HUP
pid=
while read -r verb value; do
  case "$verb" in
    guard) pid=$value ;;
    dismiss) exit 0 ;;
  esac
done
n=0
if [ -n "$pid" ]; then
  kill -9 "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null && [ $n -lt 40 ]; do n=$((n + 1)); sleep 0.05; done
fi
rm -rf "$1"
`;

/** Sees to it that a server and its folder do not outlive this process, even if that is killed. */
export class Watchdog {
  readonly #folder: string;
  readonly #dog: ChildProcess;
  #pid: number | undefined;

  constructor(folder: string) {
    this.#folder = folder;
    this.#dog = spawn('/bin/sh', ['-c', script, 'busworthy-watchdog', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#dog.on('error', () => undefined);
    this.#dog.stdin?.on('error', () => undefined);
    this.#dog.unref();
    (this.#dog.stdin as (Writable & { unref?: () => void }) | null)?.unref?.();
    if (guarded.size === 0) process.on('exit', endAll);
    guarded.add(this);
  }

  /** From now on this process is the one to kill; undefined: none. */
  guard(pid: number | undefined): void {
    this.#pid = pid;
    this.#dog.stdin?.write(`guard ${pid === undefined ? '' : String(pid)}\n`);
  }

  /** All is cleared up. */
  dismiss(): void {
    this.#dog.stdin?.end('dismiss\n');
    guarded.delete(this);
    if (guarded.size === 0) process.off('exit', endAll);
  }

  /** For the end of this process: nothing asynchronous can be done any more. */
  end(): void {
    if (this.#pid !== undefined) {
      try {
        process.kill(this.#pid, 'SIGKILL');
      } catch {
        // it is gone already
      }
    }
    try {
      rmSync(this.#folder, { recursive: true, force: true });
    } catch {
      // the server was still writing: the shell does it in a moment
    }
  }
}

const guarded = new Set<Watchdog>();

function endAll(): void {
  for (const dog of guarded) dog.end();
}
