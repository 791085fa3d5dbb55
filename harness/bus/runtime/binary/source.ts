import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One way to come by the server's binary. */
export interface BinarySource {
  readonly name: string;
  /**
   * Puts a runnable `nats-server` somewhere under `folder`, which is empty and the caller's to remove, and returns its path.
   * Rejects with an `Error` whose message says in a line why this source does not serve here.
   */
  fetch(folder: string, progress: Progress): Promise<string>;
}

/** Takes one line for the person who waits. */
export type Progress = (line: string) => void;

const execute = promisify(execFile);
const maxOutputBytes = 16 * 1024 * 1024;

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Runs a program and returns what it printed; rejects with its name and the last line that it complained with. */
export async function run(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  try {
    const { stdout } = await execute(program, [...args], {
      ...(options.cwd && { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs,
      maxBuffer: maxOutputBytes,
    });
    return stdout;
  } catch (cause) {
    throw new Error(`${program}: ${complaint(cause, options.timeoutMs)}`, { cause });
  }
}

function complaint(cause: unknown, timeoutMs: number): string {
  const failure = cause as { code?: unknown; killed?: boolean; stderr?: string; message: string };
  if (failure.code === 'ENOENT') return 'not installed';
  if (failure.killed === true) return `no end after ${String(timeoutMs / 1000)} s`;
  return failure.stderr?.trim().split('\n').at(-1) || failure.message.split('\n')[0] || 'failed';
}
