import type { Agent, IncomingMessage } from 'node:http';
import { request as secure, Agent as SecureAgent } from 'node:https';
import { pipeline } from 'node:stream/promises';

import { fromHttp, isStructured, toHttp, type Event } from './event.ts';
import { readBody } from './http.ts';
import { Agent as PlainAgent, request as plain } from './node-http.ts';

/** How long an unused connection is kept: less than a server keeps it, so that none closes under a POST. */
const idleMs = 1000;
/** Contents that do not move for so long are given up. */
const stuckMs = 30_000;

/** What the application said. Status 0: nothing, or not in time. */
export interface Delivery {
  readonly status: number;
  readonly reply?: Event;
}

export const accepted = ({ status }: Delivery): boolean => status >= 200 && status < 300;
/** R7. */
export const rejected = ({ status }: Delivery): boolean =>
  status >= 400 && status < 500 && status !== 408 && status !== 429;

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** The application, which the adapter calls over HTTP: events, and the contents of bundles. Redirects are not followed. */
export class Application {
  readonly #url: URL;
  readonly #agent: Agent;

  constructor(url: string) {
    this.#url = new URL(url);
    const options = { keepAlive: true, timeout: idleMs };
    this.#agent = this.#url.protocol === 'https:' ? new SecureAgent(options) : new PlainAgent(options);
  }

  close(): void {
    this.#agent.destroy();
  }

  /** R6: `POST APPLICATION_URL`. */
  async deliver(event: Event, limitMs: number): Promise<Delivery> {
    const headers = toHttp(event);
    if (headers === undefined) return { status: 400 }; // whatever the application would say of it: it can never be given it
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)));
    try {
      const answer = await this.#call({ method: 'POST', path: '/', headers, body: event.body, signal });
      const status = answer.statusCode ?? 0;
      const body = await readBody(answer);
      if (status !== 200 || body === undefined || isStructured(answer.headers['content-type'])) return { status };
      const reply = fromHttp(answer.rawHeaders, body);
      return reply !== undefined && holdsEvent(reply) ? { status, reply } : { status };
    } catch {
      return { status: 0 };
    }
  }

  /** C1: streams an item of a bundle; undefined where the application rejects that. Throws where it fails. */
  async content(eventId: string, item: number): Promise<AsyncIterable<Uint8Array> | undefined> {
    const patience = new Patience();
    try {
      const answer = await this.#call({ method: 'GET', path: pathOf(eventId, item), signal: patience.signal });
      if (answer.statusCode === 200) return patience.through(answer as AsyncIterable<Uint8Array>);
      patience.end();
      answer.destroy();
      if (rejected({ status: answer.statusCode ?? 0 })) return undefined;
    } catch (error) {
      patience.end();
      throw error;
    }
    throw new Error('the application does not give the content');
  }

  /** C2: streams an item to the application. Where the content breaks off, so does the request, and nothing counts as staged. */
  async stage(eventId: string, item: number, content: AsyncIterable<Uint8Array>): Promise<Delivery> {
    const patience = new Patience();
    try {
      const answer = await this.#call({
        method: 'PUT',
        path: pathOf(eventId, item),
        headers: { 'content-type': 'application/octet-stream' },
        body: patience.through(content),
        signal: patience.signal,
      });
      answer.resume();
      return { status: answer.statusCode ?? 0 };
    } catch {
      return { status: 0 };
    } finally {
      patience.end();
    }
  }

  /** The answer, its body unread. */
  async #call({ method, path, headers = {}, body, signal }: Call): Promise<IncomingMessage> {
    const send = this.#url.protocol === 'https:' ? secure : plain;
    const prefix = this.#url.pathname.replace(/\/$/, '');
    const request = send(this.#url, { method, path: `${prefix}${path}`, headers, agent: this.#agent, signal });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.on('error', reject);
      request.once('close', () => reject(new Error('the connection closed')));
    });
    if (body === undefined || body instanceof Uint8Array) {
      request.end(body);
      return answer;
    }
    const sent = pipeline(body, request);
    // What is answered before all was sent stands, unless it is an acceptance.
    const first = await Promise.race([answer, sent.then(() => answer)]);
    if ((first.statusCode ?? 0) < 300) await sent;
    else sent.catch(() => undefined);
    return first;
  }
}

/** Q5: one attribute is enough; whether the event is sound is for the check to say. */
const holdsEvent = ({ headers }: Event): boolean =>
  Object.keys(headers).some((name) => name.startsWith('ce-') && name !== 'ce-datacontenttype');

const pathOf = (eventId: string, item: number): string => `/content/${encodeURIComponent(eventId)}/${item}`;

/** Ends a stream in which nothing moves any more. */
class Patience {
  readonly #stuck = new AbortController();
  readonly #timer = setTimeout(() => this.#stuck.abort(), stuckMs);

  get signal(): AbortSignal {
    return this.#stuck.signal;
  }

  async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of content) {
        this.#timer.refresh();
        yield chunk;
      }
    } finally {
      this.end();
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
