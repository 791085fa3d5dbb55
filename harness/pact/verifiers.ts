import { fork, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { answersOf, type Answer } from './answer.ts';
import type { Question } from './question.ts';
import type { Verification, Verified } from './verifier-process.ts';

const program = fileURLToPath(new URL('verifier-process.ts', import.meta.url));

/** Longest time for one verification, and most questions in it: a crash costs no more than these. */
const limitMs = 60_000;
const mostQuestions = 200;

interface Job {
  readonly verification: Verification;
  readonly done: (verified: Verified) => void;
  readonly failed: (cause: Error) => void;
}

/** Processes that judge with Pact's verifier, several at a time, started when they are first asked. */
export class Verifiers implements AsyncDisposable {
  readonly #most: number;
  readonly #waiting: Job[] = [];
  readonly #processes = new Set<VerifierProcess>();
  #next = 0;
  #ended = false;

  constructor(most = 2) {
    this.#most = most;
  }

  /** Rejects where the verifier gave no answer to every question. */
  async ask(consumer: string, provider: string, questions: readonly Question[]): Promise<readonly Answer[]> {
    const batches = Array.from({ length: Math.ceil(questions.length / mostQuestions) }, (_, at) =>
      questions.slice(at * mostQuestions, (at + 1) * mostQuestions),
    );
    const answers = await Promise.all(
      batches.map(async (batch) => {
        const { report, trouble } = await this.#verify({ id: this.#next++, consumer, provider, questions: batch });
        if (report === undefined) throw new Error(trouble ?? 'Pact’s verifier gave no report');
        return answersOf(
          report,
          batch.map(({ name }) => name),
        );
      }),
    );
    return answers.flat();
  }

  #verify(verification: Verification): Promise<Verified> {
    const { promise, resolve, reject } = Promise.withResolvers<Verified>();
    this.#waiting.push({ verification, done: resolve, failed: reject });
    this.#assign();
    return promise;
  }

  #assign(): void {
    for (;;) {
      const [job] = this.#waiting;
      if (job === undefined) return;
      if (this.#ended) {
        this.#waiting.shift();
        job.failed(new Error('the verification was ended'));
        continue;
      }
      let idle = [...this.#processes].find((process) => !process.busy);
      if (idle === undefined) {
        if (this.#processes.size >= this.#most) return;
        const started: VerifierProcess = new VerifierProcess(
          () => this.#assign(),
          () => this.#processes.delete(started),
        );
        this.#processes.add(started);
        idle = started;
      }
      this.#waiting.shift();
      idle.take(job);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    this.#assign();
    await Promise.all([...this.#processes].map((process) => process[Symbol.asyncDispose]()));
  }
}

/** The library reads options from its environment: with a broker in it, it would verify that one's pacts as well, and publish. */
function environmentOfPact(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !name.startsWith('PACT_'));
  return { ...Object.fromEntries(others), PACT_DO_NOT_TRACK: 'true' };
}

/** One process, which takes one job at a time. */
class VerifierProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #free: () => void;
  #job: Job | undefined;
  #timer: NodeJS.Timeout | undefined;
  #said = '';

  constructor(free: () => void, gone: () => void) {
    this.#free = free;
    this.#child = fork(program, [], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: environmentOfPact(process.env),
      execArgv: [],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#said = `${this.#said}${chunk.toString('utf8')}`.slice(-2000);
    });
    this.#child.on('message', (verified: Verified) => {
      if (verified.id !== this.#job?.verification.id) return;
      this.#end()?.done(verified);
      this.#free();
    });
    this.#hold(false);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#exited = promise;
    const over = (why: string): void => {
      gone();
      this.#end()?.failed(new Error(`Pact’s verifier ${why}${this.#said === '' ? '' : `: ${this.#said.trim()}`}`));
      resolve();
      this.#free();
    };
    this.#child.once('error', (cause) => over(`did not start: ${cause.message}`));
    this.#child.once('exit', (code, signal) => over(`ended with ${String(signal ?? code)}`));
  }

  get busy(): boolean {
    return this.#job !== undefined;
  }

  take(job: Job): void {
    this.#job = job;
    this.#hold(true);
    this.#timer = setTimeout(() => {
      this.#said = `no answer within ${String(limitMs)} ms`;
      this.#child.kill('SIGKILL');
    }, limitMs);
    this.#child.send(job.verification);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#hold(true);
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Whether this process keeps the program running: an idle one ends with it. */
  #hold(held: boolean): void {
    const name = held ? 'ref' : 'unref';
    this.#child[name]();
    this.#child.channel?.[name]();
    (this.#child.stderr as Socket | null)?.[name]();
  }

  #end(): Job | undefined {
    clearTimeout(this.#timer);
    const job = this.#job;
    this.#job = undefined;
    this.#hold(false);
    return job;
  }
}
