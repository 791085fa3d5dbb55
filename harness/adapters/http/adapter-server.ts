import type { IncomingMessage, ServerResponse } from 'node:http';

import type { CloudEvent } from '../../model/event.ts';
import type { SendAnswer } from '../application.ts';
import { httpHeadersOf, isStructured, readEvent } from './binary-mode.ts';
import { readBody } from './body.ts';
import { maxEventBytes, pauseMs } from './bounds.ts';
import { problemOf, problemType } from './problem.ts';
import { HttpServer, respond } from './server.ts';
import { notBinary } from '../../patterns/outcome.ts';

/** What an adapter does with the requests of its application; a `StartedAdapter` is one. */
interface Sending {
  send(event: CloudEvent): Promise<SendAnswer>;
  healthy(): boolean;
}

/** An adapter's own end of the application port: POST `/` and GET `/health`, on all interfaces. */
export class AdapterServer {
  readonly #server: HttpServer;
  #adapter: Sending | undefined;

  private constructor(port: number, log: (line: string) => void) {
    this.#server = new HttpServer({
      port,
      answer: (request, response) => this.#answer(request, response),
      fault: (cause) => log(`http: a request failed: ${cause instanceof Error ? cause.name : 'unknown'}`),
    });
  }

  /**
   * Listens, and answers 503 until an adapter is bound.
   * @param log lines without content
   */
  static async open(port: number, log: (line: string) => void): Promise<AdapterServer> {
    const opened = new AdapterServer(port, log);
    await opened.#server.listen();
    return opened;
  }

  get port(): number {
    return this.#server.port;
  }

  bind(adapter: Sending): void {
    this.#adapter = adapter;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = `${request.method ?? ''} ${(request.url ?? '').split('?', 1)[0] ?? ''}`;
    if (method === 'GET /health') return respond(request, response, this.#adapter?.healthy() === true ? 200 : 503);
    if (method === 'POST /') return this.#send(request, response);
    return respond(request, response, 404);
  }

  async #send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refuse = (status: number, reason: string): Promise<void> =>
      respond(request, response, status, { 'content-type': problemType }, problemOf(status, reason));
    const adapter = this.#adapter;
    if (adapter === undefined || this.#server.closing) return refuse(503, 'not-connected');
    if (isStructured(request.headers['content-type'])) return refuse(notBinary.status, notBinary.reason);
    request.setTimeout(pauseMs, () => request.destroy());
    const body = await readBody(request, maxEventBytes);
    if (body === undefined) return refuse(413, 'too-large');
    request.setTimeout(0);
    const { event, unreadable } = readEvent(request.rawHeaders, body);
    if (unreadable !== undefined) return refuse(422, 'invalid');
    const { status, reason, event: reply } = await adapter.send(event);
    if (status === 0) return void response.destroy();
    if (status === 202) return respond(request, response, 202);
    if (reply === undefined) return refuse(status, reason);
    const headers = httpHeadersOf(reply);
    return headers === undefined ? refuse(504, 'no-reply') : respond(request, response, status, headers, reply.body);
  }

  /** Takes no more; resolves once all open requests are answered. */
  close(): Promise<void> {
    return this.#server.close();
  }
}
