import { rmSync } from 'node:fs';

import { LastShell } from './last-shell.ts';

/** Reads what to guard from its standard input; at the end of that the server is killed and its folder removed. */
const script = `
trap '' INT TERM HUP
pid= folder= container= label=
while read -r verb value; do
  case "$verb" in
    process) pid=$value ;;
    folder) folder=$value ;;
    container) container=$value ;;
    label) label=$value ;;
    dismiss) exit 0 ;;
  esac
done
if [ -n "$container" ]; then
  docker rm -f -v "$container" || podman rm -f -v "$container"
fi
if [ -n "$label" ]; then
  for engine in docker podman; do
    for id in $("$engine" ps --all --quiet --filter "label=$label"); do "$engine" rm -f -v "$id"; done
  done
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
  /** `name=value` of a label: all containers with it are removed, those too that were only being made. */
  readonly label?: string;
}

/** Sees to it that a server does not outlive this process, even if that is killed. */
export class Watchdog {
  readonly #dog = new LastShell(script, 'busworthy-watchdog');
  #guarded: Guarded = {};

  constructor() {
    if (onDuty.size === 0) process.on('exit', endAll);
    onDuty.add(this);
  }

  /** From now on this, and nothing else, is to be cleared up. */
  guard(guarded: Guarded): void {
    this.#guarded = guarded;
    const { process: pid = '', folder = '', container = '', label = '' } = guarded;
    this.#dog.tell(`process ${String(pid)}\nfolder ${folder}\ncontainer ${container}\nlabel ${label}\n`);
  }

  /** All is cleared up. Resolves when the shell has ended too. */
  async dismiss(): Promise<void> {
    onDuty.delete(this);
    if (onDuty.size === 0) process.off('exit', endAll);
    await this.#dog.end('dismiss\n');
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
