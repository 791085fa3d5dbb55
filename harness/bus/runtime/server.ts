import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Problem } from '../../model/errors.ts';
import { isStopped } from './stopped.ts';
import type { Watchdog } from './watchdog.ts';

export interface ServerFiles {
  readonly binary: string;
  readonly config: string;
  /** the server writes the file that tells its ports here */
  readonly folder: string;
  readonly log: string;
}

export interface Listening {
  readonly url: string;
  readonly monitorUrl: string;
}

const readyTimeoutMs = 15_000;
const pauseTimeoutMs = 2_000;
const pollMs = 2;
const logTailLines = 12;

/** One life of a nats-server process. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #files: ServerFiles;
  readonly #exited: Promise<string>;
  #ended = false;

  private constructor(child: ChildProcess, files: ServerFiles) {
    this.#child = child;
    this.#files = files;
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${String(code)}` : `signal ${signal}`));
    });
    void this.#exited.then(() => (this.#ended = true));
  }

  /** Resolves once the server takes connections; else it is ended, and a `Problem` tells the end of its log. */
  static async start(files: ServerFiles, watchdog: Watchdog): Promise<{ server: ServerProcess; listening: Listening }> {
    const log = await open(files.log, 'a');
    try {
      const child = spawn(files.binary, ['--config', files.config], {
        stdio: ['ignore', log.fd, log.fd],
        // out of the terminal's process group: Ctrl-C is for the harness, which ends the server when it has finished
        detached: true,
      });
      child.unref();
      const server = new ServerProcess(child, files);
      watchdog.guard({ folder: files.folder, ...(child.pid !== undefined && { process: child.pid }) });
      return { server, listening: await server.#untilListening() };
    } finally {
      await log.close();
    }
  }

  /** Resolves with how the server ended, whoever ended it. */
  get exited(): Promise<string> {
    return this.#exited;
  }

  /** Stops it from running; its connections stay open. Resolves once all of it has stopped. */
  async pause(): Promise<void> {
    this.#child.kill('SIGSTOP');
    const pid = this.#child.pid ?? 0;
    for (let waitedMs = 0; waitedMs < pauseTimeoutMs && !this.#ended; waitedMs += pollMs) {
      if (await isStopped(pid)) return;
      await delay(pollMs);
    }
    throw new Problem('environment', 'The server of the reference bus could not be paused.', {
      next: 'Check that this user may stop processes (SIGSTOP) here.',
    });
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  /** Kills the server and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.ref();
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  async #untilListening(): Promise<Listening> {
    const file = join(this.#files.folder, `${basename(this.#files.binary)}_${String(this.#child.pid)}.ports`);
    for (let waitedMs = 0; waitedMs < readyTimeoutMs && !this.#ended; waitedMs += pollMs) {
      const listening = parsePorts(await readFile(file, 'utf8').catch(() => ''));
      if (listening !== undefined) return listening;
      await delay(pollMs);
    }
    const how = this.#ended
      ? `ended at once (${await this.#exited})`
      : `was not ready after ${String(readyTimeoutMs / 1000)} s`;
    await this.kill();
    throw await notStarted(this.#files, how);
  }
}

/** The last lines of a server's log. */
export async function tailOf(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-logTailLines).join('\n');
}

/** The file that the server tells its ports in; undefined while it is not whole. */
function parsePorts(text: string): Listening | undefined {
  if (!text.trimEnd().endsWith('}')) return undefined;
  const { nats = [], monitoring = [] } = JSON.parse(text) as { nats?: string[]; monitoring?: string[] };
  const [url, monitorUrl] = [nats[0], monitoring[0]];
  return url === undefined || monitorUrl === undefined ? undefined : { url, monitorUrl };
}

async function notStarted(files: ServerFiles, how: string): Promise<Problem> {
  const tail = await tailOf(files.log);
  const taken = /listen tcp (\S+): bind: address already in use/.exec(tail)?.[1];
  if (taken !== undefined) {
    return new Problem('environment', `The reference bus cannot listen on ${taken}: the port is in use.`, {
      next: 'End the program that listens there, or choose another port; without a chosen port a free one is taken.',
    });
  }
  return new Problem('environment', `nats-server ${how}. The end of its log:\n${tail || '(empty)'}`, {
    place: { file: files.binary },
    next: 'Check that this nats-server runs on its own: nats-server -v',
  });
}
