import { nuid, type Msg, type Subscription } from '@nats-io/transport-node';

import { rejected } from './application.ts';
import { faultOf } from './check.ts';
import type { Flow } from './contract.ts';
import { fromNats, toNats, Event } from './event.ts';
import { log } from './log.ts';
import { notConnected, type Answer } from './port.ts';
import { refusalOf } from './refusal.ts';
import { prepare, type Context, type End } from './send.ts';
import { now, parseTime } from './time.ts';

interface Asked {
  readonly request: Event;
  readonly answer: (answer: Answer) => void;
}

/** Asks on core NATS: one subscription for all replies, and a fresh last token for each request (Q1). */
export class Asker implements End {
  readonly #context: Context;
  readonly #flow: Flow;
  readonly #waiting = new Map<string, Asked>();
  readonly #prefix: string;

  constructor(context: Context, flow: Flow) {
    this.#context = context;
    this.#flow = flow;
    this.#prefix = `${context.bus.inboxPrefix}.reply.${nuid.next()}`;
  }

  async open(): Promise<void> {
    const { bus } = this.#context;
    bus.connection.subscribe(`${this.#prefix}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else log(`${this.#flow.channel}: cannot receive replies`, error);
      },
    });
  }

  /** What waits for a reply is open at the port, which waits for it. */
  async stop(): Promise<void> {}

  async send(event: Event): Promise<Answer> {
    const { bus } = this.#context;
    const subject = prepare(this.#flow, event);
    if (typeof subject !== 'string') return subject;
    if (!bus.connected) return notConnected;
    const token = nuid.next();
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const late = setTimeout(() => resolve({ status: 504, reason: 'no-reply' }), msLeft(event));
    this.#waiting.set(token, { request: event, answer: resolve });
    try {
      bus.connection.publish(subject, event.body, {
        headers: toNats(event.headers),
        reply: `${this.#prefix}.${token}`,
      });
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waiting.delete(token);
    }
  }

  #receive({ subject, headers, data }: Msg): void {
    const asked = this.#waiting.get(subject.slice(subject.lastIndexOf('.') + 1));
    const status = headers?.code ?? 0;
    if (status === 503) asked?.answer({ status: 503, reason: 'no-responder' }); // Q2
    if (status !== 0) return;
    const reply = fromNats(headers, data);
    const wrong = this.#wrong(asked, reply);
    if (wrong === undefined) asked?.answer({ status: 200, reason: 'reply', reply });
    else this.#context.bus.spawn('notice', this.#context.bus.notify(reply, wrong));
  }

  /** Q3: what is no reply for the application is noticed, and the asker waits on. */
  #wrong(asked: Asked | undefined, reply: Event): string | undefined {
    if (asked === undefined) return 'late';
    if (reply.get('ce-causationid') !== asked.request.get('ce-id')) return 'misdirected';
    return faultOf(this.#flow, reply) === undefined ? undefined : 'invalid';
  }
}

/** Answers: a queue group of all instances; one reply or one refusal for each request, no retry (N5, Q4, Q5). */
export class Answerer implements End {
  readonly #context: Context;
  readonly #flow: Flow;
  #subscription: Subscription | undefined;

  constructor(context: Context, flow: Flow) {
    this.#context = context;
    this.#flow = flow;
  }

  async open(): Promise<void> {
    const { bus } = this.#context;
    this.#subscription ??= bus.connection.subscribe(this.#flow.wildcard, {
      queue: bus.application,
      callback: (error, message) => {
        if (error !== null) log(`${this.#flow.channel}: cannot receive requests`, error);
        else if (message.reply !== undefined) bus.spawn('a request failed', this.#answer(message, message.reply));
      },
    });
    await bus.connection.flush();
  }

  async stop(): Promise<void> {
    if (this.#context.bus.connected) await this.#subscription?.drain();
  }

  async #answer({ headers, data }: Msg, to: string): Promise<void> {
    const { bus } = this.#context;
    const request = fromNats(headers, data);
    if (request.expired(now())) return void (await bus.notify(request, 'expired')); // Q4
    const said = await this.#ask(request);
    const reply =
      said instanceof Event ? said : refusalOf(bus.application, this.#flow, this.#flow.x.refusal, request, said);
    if (reply !== undefined) bus.connection.publish(to, reply.body, { headers: toNats(reply.headers) });
  }

  /** Q5: the application's reply, or why there is none. */
  async #ask(request: Event): Promise<Event | string> {
    if (faultOf(this.#flow, request) !== undefined) return 'invalid';
    const delivery = await this.#context.application.deliver(request, msLeft(request));
    if (rejected(delivery)) return 'rejected';
    if (delivery.status !== 200 || delivery.reply === undefined) return 'unavailable';
    return faultOf(this.#flow, delivery.reply) === undefined ? delivery.reply : 'invalid';
  }
}

const msLeft = (request: Event): number => Math.max(1, (parseTime(request.get('ce-expirytime')) ?? now()) - now());
