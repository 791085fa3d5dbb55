import type { Agent, IncomingMessage } from 'node:http';
import { request as secure, Agent as SecureAgent } from 'node:https';
import { pipeline } from 'node:stream/promises';

import { idleMs, maxHeaderBytes } from './bounds.ts';
import { Agent as PlainAgent, request as plain } from './node-http.ts';

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below the caller's base, with a leading slash. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
  readonly signal: AbortSignal;
}

/** An HTTP client for one server. It follows no redirects, adds no headers but those of the connection, and keeps connections open. */
export class Caller implements Disposable {
  readonly #base: URL;
  readonly #agent: Agent;

  /** @param base `http://` or `https://`, without a trailing slash */
  constructor(base: string) {
    this.#base = new URL(base);
    const options = { keepAlive: true, timeout: idleMs };
    this.#agent = this.#base.protocol === 'https:' ? new SecureAgent(options) : new PlainAgent(options);
  }

  /** The answer, its body unread. Rejects where the connection fails, is refused, breaks or is aborted. */
  async call({ method, path, headers = {}, body, signal }: Call): Promise<IncomingMessage> {
    const send = this.#base.protocol === 'https:' ? secure : plain;
    const prefix = this.#base.pathname.replace(/\/$/, '');
    const request = send(this.#base, {
      method,
      path: `${prefix}${path}`,
      headers,
      agent: this.#agent,
      signal,
      maxHeaderSize: maxHeaderBytes,
    });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('upgrade', (_response, socket) => {
        socket.destroy();
        reject(new Error('the answer is an upgrade'));
      });
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

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}
