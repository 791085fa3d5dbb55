import { setTimeout as delay } from 'node:timers/promises';

import { leftRunning, unasked } from '../../model/ending.ts';
import { Problem } from '../../model/errors.ts';
import type { CloudEvent } from '../../model/event.ts';
import type { Application, SendAnswer } from '../application.ts';
import { AdapterClient } from '../http/adapter-client.ts';
import type { ApplicationServer } from '../http/application-server.ts';
import type { AdapterFile } from './adapter-file.ts';
import { outputBytes } from './output.ts';
import type { Exit, Run } from './run.ts';

/** Pause between two looks at a health that is not there yet, and how long one look may take. */
const lookAgainMs = 20;
const lookMs = 1000;

/** Says what is wrong with an instance while a trial runs; `over` where it is there no more. */
export type Failed = (reason: string, over: boolean) => void;

export interface InstanceOptions {
  readonly adapter: AdapterFile;
  readonly instance: number;
  /** How long the adapter may take over an answer to its application. */
  readonly answerMs: number;
  readonly log: (line: string) => void;
  /** What is known of its connection to the bus. */
  readonly connection?: () => string | undefined;
  /** Aborted when the run is to end at once: of the trial that runs. */
  readonly signal: () => AbortSignal;
  /** Of the adapter, without a trailing slash. */
  readonly url: string;
  readonly server: ApplicationServer;
  /** Absent where the adapter was given by its URL. */
  readonly run?: Run;
  /** Disposed of once the instance is gone; the server is part of it. */
  readonly kept: AsyncDisposable;
  /** Told that it lives on past its trial; absent where it ends with that. */
  readonly stays?: (instance: Instance) => void;
}

/** One instance of an adapter under test and the application in front of it; its life is that of its process. */
export class Instance implements AsyncDisposable {
  /** Leaves it for the trial that follows: what it hands over until then is answered 503. Absent where it ends with its trial. */
  readonly stay: (() => void) | undefined;
  readonly #options: InstanceOptions;
  readonly #client: AdapterClient;
  #exit: Exit | undefined;
  #ending = false;
  #failed: Failed = () => undefined;

  constructor(options: InstanceOptions) {
    this.#options = options;
    this.#client = new AdapterClient(options.url, {
      timeoutMs: options.answerMs,
      inspect: (body) => options.log(Buffer.from(body).toString('utf8')),
    });
    const { stays } = options;
    if (stays !== undefined) {
      this.stay = () => {
        this.#tellDropped();
        options.server.bind(undefined);
        this.#failed = () => undefined;
        stays(this);
      };
    }
    void options.run?.exited.then((exit) => {
      this.#exit = exit;
      if (!this.#ending) this.#failed(`the adapter ${exit.how}, ${unasked}`, true);
    });
  }

  /** Resolves once `GET /health` answers 200; throws a Problem that names the adapter where it ends, or takes too long. */
  async healthy(): Promise<void> {
    const { adapter, run, signal } = this.#options;
    const late = AbortSignal.timeout(adapter.startMs);
    let status: number | string = 'no answer';
    while (!late.aborted) {
      signal().throwIfAborted();
      if (this.#exit !== undefined) throw this.#trouble(`${this.#exit.how} before it was healthy`);
      status = await this.#client.health(Math.min(lookMs, adapter.startMs));
      if (status === 200) return;
      const pause = delay(lookAgainMs, undefined, { ref: false });
      await (run === undefined ? pause : Promise.race([pause, run.exited]));
    }
    const said = typeof status === 'number' ? ` answered ${String(status)}` : `: ${status}`;
    const connection = this.#options.connection?.();
    const known = connection === undefined ? '' : `, and ${connection}`;
    throw this.#trouble(`was not healthy within ${String(adapter.startMs)} ms: GET /health${said}${known}`);
  }

  /** The trial begins: its application is behind the instance, and hears of its troubles. */
  bind(behind: Application, failed: Failed): void {
    this.#options.server.bind(behind);
    this.#failed = failed;
    if (this.#exit !== undefined && !this.#ending) {
      failed(`the adapter ${this.#exit.how}, ${unasked}`, true);
    }
  }

  send(event: CloudEvent, gone?: AbortSignal): Promise<SendAnswer> {
    return this.#client.send(event, gone);
  }

  /** SIGTERM; SIGKILL where that does not end it in time. Gives what was wrong with its end; '' for nothing. */
  async stop(): Promise<string> {
    const { adapter, run } = this.#options;
    const signal = this.#options.signal();
    if (run === undefined || this.#exit !== undefined || this.#ending) {
      await this.#gone();
      return leftRunning;
    }
    this.#ending = true;
    let wrong = '';
    if (signal.aborted) run.kill();
    else {
      run.terminate();
      const cancel = new AbortController();
      const limit = delay(adapter.stopMs, 'late' as const, { signal: AbortSignal.any([cancel.signal, signal]) }).catch(
        () => 'aborted' as const,
      );
      const exit = await Promise.race([run.exited, limit]);
      cancel.abort();
      if (exit === 'late') wrong = `did not end within ${String(adapter.stopMs)} ms of SIGTERM`;
      else if (exit !== 'aborted' && !exit.clean) wrong = `${exit.how}, not with 0`;
      run.kill();
    }
    await this.#gone();
    return wrong;
  }

  async health(): Promise<number | undefined> {
    const status = await this.#client.health(lookMs);
    return typeof status === 'number' ? status : undefined;
  }

  async crash(): Promise<void> {
    this.#ending = true;
    this.#options.run?.kill();
    await this.#gone();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.crash();
  }

  async #gone(): Promise<void> {
    const { run, kept } = this.#options;
    await run?.exited;
    this.#client[Symbol.dispose]();
    await kept[Symbol.asyncDispose]();
    this.#tellDropped();
    this.#failed = () => undefined;
  }

  #tellDropped(): void {
    const dropped = this.#options.run?.output.dropped ?? 0;
    if (dropped === 0) return;
    this.#failed(
      `the adapter wrote more than ${String(outputBytes)} bytes of log: ${String(dropped)} were not looked at`,
      false,
    );
  }

  #trouble(what: string): Problem {
    const { adapter, instance, run } = this.#options;
    const tail = run?.output.tail ?? [];
    const which = instance === 0 ? '' : `, instance ${String(instance)},`;
    return new Problem('environment', `the adapter of ${adapter.application}${which} ${what}`, {
      place: { file: adapter.file },
      next:
        tail.length === 0
          ? 'start it by hand with the environment of ADAPTERS.md; it wrote nothing'
          : `see the end of what it wrote:\n${tail.map((line) => `    ${line}`).join('\n')}`,
    });
  }
}
