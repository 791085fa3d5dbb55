import { nuid, TimeoutError, type Msg, type Subscription } from '@nats-io/transport-node';

import { eventOf } from './headers.ts';
import { hold, type Held } from './held.ts';
import type { Port } from './pattern.ts';

/** How long one pull request stays with the server; one that nobody answered for twice as long is taken for lost. */
const expiresMs = 5000;
/** Pause after a pull that the bus refused: no such consumer, no leader. */
const pauseMs = 200;
const nanosPerMs = 1_000_000;

/**
 * Pulls from one consumer, never more than are worked on at once. Each pull request asks for one message, so that what is
 * outstanding is counted exactly: a message or a status ends one.
 */
export class Pull {
  readonly #port: Port;
  readonly #next: string;
  readonly #info: string;
  readonly #limit: number;
  readonly #work: (held: Held) => Promise<void>;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #inHand = new Set<Promise<void>>();
  /** Number of each outstanding request → whether the guard has seen it before. */
  readonly #outstanding = new Map<string, boolean>();
  readonly #guard: NodeJS.Timeout;
  #pause: NodeJS.Timeout | undefined;
  #requests = 0;
  #stopped = false;
  /** Since a reconnection, until the consumer was found again. */
  #void = false;

  constructor(port: Port, stream: string, consumer: string, limit: number, work: (held: Held) => Promise<void>) {
    this.#port = port;
    this.#next = `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`;
    this.#info = `$JS.API.CONSUMER.INFO.${stream}.${consumer}`;
    this.#limit = limit;
    this.#work = work;
    this.#inbox = `${port.inboxPrefix}.${nuid.next()}`;
    this.#subscription = port.connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else port.log(`${consumer}: cannot receive: ${error.name}`);
      },
    });
    this.#guard = setInterval(() => this.#dropLost(), expiresMs);
    port.onReconnect(() => {
      this.#void = true;
      void port.steps.resume(() => this.#restart(), consumer);
    });
    port.killed.addEventListener('abort', () => this.#end(), { once: true });
    this.#fill();
  }

  /** Asks for no more; what the server has sent already is still worked on. Resolves once nothing is in hand. */
  async stop(): Promise<void> {
    this.#end();
    if (this.#port.connected()) await this.#subscription.drain().catch(() => undefined);
    else this.#subscription.unsubscribe();
    await this.#port.steps.finish([...this.#inHand]);
  }

  #end(): void {
    this.#stopped = true;
    clearInterval(this.#guard);
    clearTimeout(this.#pause);
  }

  #receive(message: Msg): void {
    if (this.#port.killed.aborted) return;
    const held = hold(eventOf(message), message.reply ?? '', (subject, text) => this.#publish(subject, text));
    if (held === undefined) return this.#onStatus(message.headers?.code ?? 0, message.subject);
    this.#forget(undefined);
    const working = this.#work(held).finally(() => {
      this.#inHand.delete(working);
      this.#fill();
    });
    this.#inHand.add(working);
  }

  #onStatus(code: number, subject: string): void {
    if (code === 100) return;
    this.#forget(subject.slice(this.#inbox.length + 1));
    if (code === 408 || code === 404) return this.#fill();
    this.#pause ??= setTimeout(() => {
      this.#pause = undefined;
      this.#fill();
    }, pauseMs);
  }

  /** The server serves the oldest request first. */
  #forget(request: string | undefined): void {
    const [oldest] = this.#outstanding.keys();
    const ended = request !== undefined && this.#outstanding.has(request) ? request : oldest;
    if (ended !== undefined) this.#outstanding.delete(ended);
  }

  #fill(): void {
    if (this.#stopped || this.#void || this.#pause !== undefined || !this.#port.connected()) return;
    while (this.#inHand.size + this.#outstanding.size < this.#limit) {
      const request = String(++this.#requests);
      this.#outstanding.set(request, false);
      const body = JSON.stringify({ batch: 1, expires: expiresMs * nanosPerMs });
      this.#publish(this.#next, body, `${this.#inbox}.${request}`);
    }
  }

  #dropLost(): void {
    for (const [request, seen] of this.#outstanding) {
      if (seen) this.#outstanding.delete(request);
      else this.#outstanding.set(request, true);
    }
    this.#fill();
  }

  /** A server that has just come up drops requests for consumers that it has not recovered yet: ask until it has this one. */
  async #restart(): Promise<void> {
    this.#outstanding.clear();
    while (!this.#stopped && this.#port.connected()) {
      if (await this.#found()) {
        this.#void = false;
        this.#fill();
        return;
      }
    }
  }

  async #found(): Promise<boolean> {
    try {
      const answer = await this.#port.connection.request(this.#info, '', { timeout: pauseMs });
      if (answer.json<{ readonly error?: unknown }>().error === undefined) return true;
    } catch (error) {
      if (error instanceof TimeoutError) return false;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return false;
  }

  #publish(subject: string, text: string, reply?: string): void {
    if (this.#port.killed.aborted || this.#port.connection.isClosed()) return;
    this.#port.connection.publish(subject, text, reply === undefined ? {} : { reply });
  }
}
