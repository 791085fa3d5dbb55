import { LastShell } from '../../bus/runtime/last-shell.ts';

/** Reads from its standard input which process groups to guard; at the end of that what is left of them is killed. */
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
  readonly #dog = new LastShell(script, 'busworthy-guard');
  readonly #groups = new Set<number>();
  readonly #onExit = (): void => {
    for (const id of this.#groups) killGroup(id);
  };

  constructor() {
    process.on('exit', this.#onExit);
  }

  add(group: number): void {
    this.#groups.add(group);
    this.#dog.tell(`add ${String(group)}\n`);
  }

  drop(group: number): void {
    this.#groups.delete(group);
    this.#dog.tell(`drop ${String(group)}\n`);
  }

  /** Kills what is left, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    process.off('exit', this.#onExit);
    await this.#dog.end();
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
