import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { Socket } from 'node:net';

/**
 * Reads what to guard from its standard input. The input ends with the harness, however that ends: then the server is
 * killed and its folder removed. It is in a process group of its own, so that Ctrl-C does not reach it.
 */
const script = `
trap '' INT TERM HUP
pid= folder= container=
while read -r verb value; do
  case "$verb" in
    process) pid=$value ;;
    folder) folder=$value ;;
    container) container=$value ;;
    dismiss) exit 0 ;;
  esac
done
if [ -n "$container" ]; then
  docker rm -f -v "$container" || podman rm -f -v "$container"
fi
if [ -n "$pid" ]; then kill -9 "$pid"; fi
if [ -n "$folder" ]; then
  rm -rf "$folder"
  # what the dying server was just writing
  sleep 0.1
  rm -rf "$folder"
fi
`;

export interface Guarded {
  /** id of the process to kill */
  readonly process?: number;
  /** folder to remove */
  readonly folder?: string;
  /** id of the container to remove, where a command-line client of its engine is installed */
  readonly container?: string;
}

/** Sees to it that a server does not outlive this process, even if that is killed. */
export class Watchdog {
  readonly #dog: ChildProcess;
  readonly #ended: Promise<void>;
  #guarded: Guarded = {};

  constructor() {
    this.#dog = spawn('/bin/sh', ['-c', script, 'busworthy-watchdog'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      this.#dog.once('exit', () => resolve());
      // there is no shell: nothing to dismiss, and 'exit' does it for what it can
      this.#dog.once('error', () => resolve());
    });
    this.#dog.stdin?.on('error', () => undefined);
    this.#dog.unref();
    if (this.#dog.stdin instanceof Socket) this.#dog.stdin.unref();
    if (onDuty.size === 0) process.on('exit', endAll);
    onDuty.add(this);
  }

  /** From now on this, and nothing else, is to be cleared up. */
  guard(guarded: Guarded): void {
    this.#guarded = guarded;
    const { process: pid = '', folder = '', container = '' } = guarded;
    this.#dog.stdin?.write(`process ${String(pid)}\nfolder ${folder}\ncontainer ${container}\n`);
  }

  /** All is cleared up. Resolves when the shell has ended too. */
  async dismiss(): Promise<void> {
    onDuty.delete(this);
    if (onDuty.size === 0) process.off('exit', endAll);
    this.#dog.ref();
    this.#dog.stdin?.end('dismiss\n');
    await this.#ended;
  }

  /** At the end of this process, where nothing asynchronous can be done any more: what can be, at once. */
  end(): void {
    const { process: pid, folder } = this.#guarded;
    attempt(() => pid !== undefined && process.kill(pid, 'SIGKILL'));
    attempt(() => folder !== undefined && rmSync(folder, { recursive: true, force: true }));
  }
}

const onDuty = new Set<Watchdog>();

function endAll(): void {
  for (const dog of onDuty) dog.end();
}

/** What fails here, such as a folder that the dying server still writes in, the shell does in a moment. */
function attempt(action: () => unknown): void {
  try {
    action();
  } catch {
    // see above
  }
}
