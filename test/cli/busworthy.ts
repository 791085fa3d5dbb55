import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { expect, inject } from 'vitest';

export const checkout = resolve(import.meta.dirname, '../..');
export const contracts = join(checkout, 'contracts');

/** A flow and a scenario that take a second, and hold. */
export const quick = [
  '--flow',
  'incident-lifecycle/incidents',
  '--scenario',
  'happy-flow',
  '--clause',
  'ENV-1,DEL-3,ORD-1,AUD-1',
];

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HowToStart {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Folder for the program's temporary files. */
  readonly temporary?: string;
}

/** The real program, as a user starts it, while it runs. It is killed at the end of the scope at the latest. */
export class Started implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';
  #onOutput: () => void = () => undefined;

  constructor(command: readonly string[], { cwd = checkout, env = {}, temporary }: HowToStart = {}) {
    const [program = '', ...args] = command;
    this.child = spawn(program, args, {
      cwd,
      env: { ...cleanEnvironment(), ...(temporary !== undefined && { TMPDIR: temporary }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // a process group of its own, as a shell gives it, so that a test can send Ctrl-C to all of it
      detached: true,
    });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#onOutput();
    });
    this.ended = once(this.child, 'close').then(([code, signal]) => {
      this.#onOutput();
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.#stdout,
        stderr: this.#stderr,
      };
    });
  }

  /** Resolves with the first match on either output; rejects where the program ends without it. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const seen = (): RegExpExecArray | null => pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
    return new Promise((found, failed) => {
      this.#onOutput = () => {
        const match = seen();
        if (match !== null) found(match);
        else if (this.child.exitCode !== null || this.child.signalCode !== null) {
          failed(new Error(`ended without ${String(pattern)}:\n${this.#stdout}\n${this.#stderr}`));
        }
      };
      this.#onOutput();
    });
  }

  send(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

export const main = join(checkout, 'harness/cli/main.ts');

export function start(args: readonly string[], how: HowToStart = {}): Started {
  return new Started([process.execPath, main, ...args], how);
}

export async function busworthy(args: readonly string[], how: HowToStart = {}): Promise<Ended> {
  await using started = start(args, how);
  return await started.ended;
}

/** Command line for a POSIX shell. */
export function shellCommand(args: readonly string[]): string {
  return [process.execPath, main, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`).join(' ');
}

/** What a user's shell has, without what this test run has set for itself. */
function cleanEnvironment(): Record<string, string> {
  const binary = inject('serverBinary');
  return {
    PATH: [join(checkout, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(delimiter),
    HOME: homedir(),
    ...(process.env['XDG_CACHE_HOME'] !== undefined && { XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] }),
    ...(binary !== undefined && { BUSWORTHY_NATS_SERVER: binary }),
  };
}

/** A folder for one test, gone at its end. */
export class TemporaryFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<TemporaryFolder> {
    return new TemporaryFolder(await mkdtemp(join(tmpdir(), 'busworthy-cli-')));
  }

  file(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  /** Names of all that is in it, or in a folder of it. */
  async list(name = '.'): Promise<readonly string[]> {
    return (await readdir(join(this.path, name))).toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** What a program that was started with this folder for temporary files has left: files there, and processes (Linux) that inherited it. */
export async function leftBy(temporary: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const processes = await Promise.all(
    ids.map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').includes(`TMPDIR=${temporary}`)) return [];
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '');
      return [`${id} ${command.replaceAll('\0', ' ')}`];
    }),
  );
  return [...(await readdir(temporary)), ...processes.flat()];
}

/** How trouble of the environment ends: with 4, and one message with its reason and the next step, without a stack. No answer has been given. */
export function troubled(says: RegExp): object {
  const clear = (text: string): boolean =>
    says.test(text) && /\n {2}next: \S.*\n$/.test(text) && !/^ +at .*:\d+/m.test(text);
  return {
    code: 4,
    stdout: expect.not.stringMatching(/Reports|holds/) as unknown,
    stderr: expect.toSatisfy(clear, String(says)) as unknown,
  };
}
