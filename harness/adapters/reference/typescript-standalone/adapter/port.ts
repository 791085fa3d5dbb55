import type { IncomingMessage, Server, ServerResponse } from 'node:http';

import { fromHttp, isStructured, toHttp, type Event } from './event.ts';
import { readBody } from './http.ts';
import { log } from './log.ts';
import { createServer } from './node-http.ts';

/** What the application is told of its POST. `reason`: last part of the problem type, for all but 200 and 202. */
export interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly reply?: Event;
}

export const stored: Answer = { status: 202, reason: 'stored' };
export const tooLarge: Answer = { status: 413, reason: 'too-large' };
export const invalid: Answer = { status: 422, reason: 'invalid' };
export const expired: Answer = { status: 422, reason: 'expired' };
export const conflict: Answer = { status: 409, reason: 'conflict' };
export const notConnected: Answer = { status: 503, reason: 'not-connected' };
export const unavailable: Answer = { status: 503, reason: 'unavailable' };

export interface Bound {
  readonly send: (event: Event) => Promise<Answer>;
  readonly healthy: () => boolean;
}

/** The application port: `POST /` and `GET /health` (S1, S2, L2). Listens at once, and answers 503 until it is bound. */
export class Port {
  readonly #server: Server;
  #bound: Bound | undefined;
  #open = 0;
  #idle = Promise.withResolvers<void>();

  constructor() {
    this.#server = createServer(
      { keepAliveTimeout: 60_000 },
      (request, response) => void this.#take(request, response),
    );
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, resolve);
    });
  }

  bind(bound: Bound): void {
    this.#bound = bound;
  }

  /** L3: takes no more; resolves once all that is open is answered. */
  async stop(): Promise<void> {
    this.#bound = undefined;
    while (this.#open > 0) await this.#idle.promise;
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#open++;
    try {
      if (request.method === 'GET' && request.url === '/health') {
        response.writeHead(this.#bound?.healthy() === true ? 200 : 503).end();
      } else if (request.method === 'POST' && request.url === '/')
        respond(request, response, await this.#answer(request));
      else response.writeHead(404).end();
    } catch (error) {
      // Whatever went wrong, the outcome is unknown, and no content is told.
      log('sending failed', error);
      respond(request, response, unavailable);
    } finally {
      this.#open--;
      if (this.#open === 0) {
        this.#idle.resolve();
        this.#idle = Promise.withResolvers();
      }
    }
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (this.#bound === undefined) return notConnected;
    if (isStructured(request.headers['content-type'])) return { status: 415, reason: 'not-binary' };
    const body = await readBody(request);
    if (body === undefined) return tooLarge;
    const event = fromHttp(request.rawHeaders, body);
    return event === undefined ? invalid : this.#bound.send(event);
  }
}

function respond(request: IncomingMessage, response: ServerResponse, { status, reason, reply }: Answer): void {
  if (response.headersSent) return;
  // A connection that is closed before its sender is done would take the answer with it.
  if (!request.complete) response.setHeader('connection', 'close');
  request.resume();
  const headers = reply === undefined ? undefined : toHttp(reply);
  if (reply !== undefined && headers !== undefined) return void response.writeHead(status, headers).end(reply.body);
  if (status === 202) return void response.writeHead(202).end();
  const problem = { type: `urn:busworthy:${reason}`, title: reason.replaceAll('-', ' '), status };
  response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}
