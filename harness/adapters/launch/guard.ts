import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Reads from its standard input which process groups to guard. The input ends with the harness, however that ends: then what is left
 * of them is killed. It is in a process group of its own, so that Ctrl-C does not reach it.
 */
const script = `
trap '' INT TERM HUP
groups=' '
while read -r verb id; do
  case "$verb" in
    add) groups="$groups$id " ;;
    drop) case "$groups" in *" $id "*) groups="\${groups%% $id *} \${groups#* $id }" ;; esac ;;
  esac
done
for id in $groups; do kill -s KILL -- "-$id"; done
`;

/** Sees to it that no process group outlives this process, even if that is killed. */
export class Guard implements AsyncDisposable {
  readonly #dog: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #groups = new Set<number>();
  readonly #onExit = (): void => {
    for (const id of this.#groups) killGroup(id);
  };

  constructor() {
    this.#dog = spawn('/bin/sh', ['-c', script, 'busworthy-guard'], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    });
    this.#ended = new Promise((resolve) => {
      this.#dog.once('exit', () => resolve());
      // there is no shell: 'exit' of this process does what it can
      this.#dog.once('error', () => resolve());
    });
    this.#dog.stdin?.on('error', () => undefined);
    this.#dog.unref();
    if (this.#dog.stdin instanceof Socket) this.#dog.stdin.unref();
    process.on('exit', this.#onExit);
  }

  add(group: number): void {
    this.#groups.add(group);
    this.#dog.stdin?.write(`add ${String(group)}\n`);
  }

  drop(group: number): void {
    this.#groups.delete(group);
    this.#dog.stdin?.write(`drop ${String(group)}\n`);
  }

  /** Kills what is left, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#onExit);
    this.#dog.ref();
    this.#dog.stdin?.end();
    await this.#ended;
  }
}

/** SIGKILL to every process of a group; one that is gone already is no trouble. */
export function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // gone
  }
}
