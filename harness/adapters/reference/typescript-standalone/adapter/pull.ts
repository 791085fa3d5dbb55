import { nuid, type Msg, type Subscription } from '@nats-io/transport-node';

import type { Bus } from './bus.ts';
import { Held } from './held.ts';
import { log } from './log.ts';

/** How long a pull request stays with the server; one without an answer for twice as long is taken for lost. */
const expiresMs = 5000;
/** After a request that the bus refused: no such consumer, no leader. */
const pauseMs = 200;
const request = JSON.stringify({ batch: 1, expires: expiresMs * 1_000_000 });

/**
 * Pulls from one consumer, never more than is worked on at once (N4). Each request asks for one message, so that what is outstanding
 * is counted exactly: a message or a status ends one.
 */
export class Pull {
  readonly #bus: Bus;
  readonly #stream: string;
  readonly #consumer: string;
  readonly #limit: number;
  readonly #work: (held: Held) => Promise<void>;
  readonly #inbox: string;
  readonly #subscription: Subscription;
  readonly #inHand = new Set<Promise<void>>();
  /** Number of a request → whether it was there already when lost ones were looked for last. */
  readonly #outstanding = new Map<string, boolean>();
  readonly #guard: NodeJS.Timeout;
  #requests = 0;
  #pausing = false;
  #stopped = false;

  constructor(bus: Bus, stream: string, consumer: string, limit: number, work: (held: Held) => Promise<void>) {
    this.#bus = bus;
    this.#stream = stream;
    this.#consumer = consumer;
    this.#limit = limit;
    this.#work = work;
    this.#inbox = `${bus.inboxPrefix}.${nuid.next()}`;
    this.#subscription = bus.connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else log(`${consumer}: cannot receive`, error);
      },
    });
    this.#guard = setInterval(() => this.#dropLost(), expiresMs);
    bus.onReconnect(() => bus.spawn(`${consumer}: not pulled after a reconnection`, this.#restart()));
    this.#fill();
  }

  /** L3: asks for no more; what the server has sent already counts as an attempt, and is still worked on. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#guard);
    if (this.#bus.connected) await this.#subscription.drain();
    while (this.#inHand.size > 0) await Promise.all(this.#inHand);
  }

  #receive(message: Msg): void {
    const held = Held.from(message, this.#bus);
    if (held === undefined) return this.#onStatus(message);
    this.#forget(undefined); // the subject is the stream's, and says not which request this answers: the oldest
    const working = this.#work(held)
      .catch((error: unknown) => log(`${held.place} failed`, error))
      .finally(() => {
        this.#inHand.delete(working);
        this.#fill();
      });
    this.#inHand.add(working);
  }

  #onStatus({ headers, subject }: Msg): void {
    const status = headers?.code ?? 0;
    if (status === 100) return;
    this.#forget(subject.slice(this.#inbox.length + 1));
    if (status === 404 || status === 408) return this.#fill();
    if (this.#pausing) return;
    this.#pausing = true;
    setTimeout(() => {
      this.#pausing = false;
      this.#fill();
    }, pauseMs);
  }

  #forget(number: string | undefined): void {
    const [oldest] = this.#outstanding.keys();
    const ended = number !== undefined && this.#outstanding.has(number) ? number : oldest;
    if (ended !== undefined) this.#outstanding.delete(ended);
  }

  #fill(): void {
    if (this.#stopped || this.#pausing || !this.#bus.connected) return;
    while (this.#inHand.size + this.#outstanding.size < this.#limit) {
      const number = String(++this.#requests);
      this.#outstanding.set(number, false);
      const subject = `$JS.API.CONSUMER.MSG.NEXT.${this.#stream}.${this.#consumer}`;
      this.#bus.connection.publish(subject, request, { reply: `${this.#inbox}.${number}` });
    }
  }

  #dropLost(): void {
    for (const [number, seen] of this.#outstanding) {
      if (seen) this.#outstanding.delete(number);
      else this.#outstanding.set(number, true);
    }
    this.#fill();
  }

  /** A server that has just come up drops requests for consumers that it has not recovered yet: ask until it has this one. */
  async #restart(): Promise<void> {
    this.#outstanding.clear();
    while (!this.#stopped && this.#bus.connected) {
      const found = await this.#bus.manager.consumers.info(this.#stream, this.#consumer).then(
        () => true,
        () => false,
      );
      if (found) return this.#fill();
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
