import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Application, ApplicationAnswer } from '../application.ts';
import { httpHeadersOf, isStructured, readEvent } from './binary-mode.ts';
import { readBody } from './body.ts';
import { maxEventBytes, pauseMs } from './bounds.ts';
import { itemAt } from '../../model/content-path.ts';
import { HttpServer, respond } from './server.ts';

const host = '127.0.0.1';
/** How long an application may take for an answer. How long it waits for one is the adapter's matter: it hangs up. */
const patienceMs = 3_600_000;

export interface ApplicationServerOptions {
  /** The application; it may be given later. */
  readonly behind?: Application;
  /** Default a free one. */
  readonly port?: number;
  /** What the adapter asked that an application does not answer. Lines without content. */
  readonly log: (line: string) => void;
  /** The harness's own fault. */
  readonly problem: (what: string, cause: unknown) => void;
}

/** The application as an adapter under test meets it: its `APPLICATION_URL`, on 127.0.0.1 and a port of its own. */
export class ApplicationServer implements AsyncDisposable {
  readonly #options: ApplicationServerOptions;
  readonly #server: HttpServer;
  #behind: Application | undefined;

  private constructor(options: ApplicationServerOptions) {
    this.#options = options;
    this.#behind = options.behind;
    this.#server = new HttpServer({
      host,
      port: options.port ?? 0,
      answer: (request, response) => this.#answer(request, response),
      fault: (cause) => options.problem('the application server', cause),
    });
  }

  static async open(options: ApplicationServerOptions): Promise<ApplicationServer> {
    const opened = new ApplicationServer(options);
    await opened.#server.listen();
    return opened;
  }

  /** Without a trailing slash. */
  get url(): string {
    return `http://${host}:${this.#server.port}`;
  }

  /** Puts another application behind the same URL. Without one the answer is 503. */
  bind(behind: Application | undefined): void {
    this.#behind = behind;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const item = itemAt(path);
    const methods = path === '/' ? ['POST'] : item === undefined ? [] : ['GET', 'PUT'];
    const refusal = methods.length === 0 ? 404 : methods.includes(request.method ?? '') ? undefined : 405;
    if (refusal !== undefined) {
      this.#options.log(`application: ${request.method ?? ''} on a path that does not take it: ${refusal}`);
      return respond(request, response, refusal, refusal === 405 ? { allow: methods.join(', ') } : {});
    }
    const behind = this.#behind;
    if (behind === undefined) return respond(request, response, 503);
    request.setTimeout(pauseMs, () => request.destroy());
    if (item === undefined) return this.#deliver(behind, request, response);
    if (request.method === 'GET') return sendContent(behind, item, request, response);
    const staged = await behind.stage(item.eventId, item.item, request.iterator({ destroyOnReturn: false }));
    return sendAnswer(request, response, staged);
  }

  async #deliver(behind: Application, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (isStructured(request.headers['content-type'])) {
      this.#options.log('application: an event that is not in binary mode: 415');
      return respond(request, response, 415);
    }
    const body = await readBody(request, maxEventBytes);
    if (body === undefined) {
      this.#options.log(`application: an event of more than ${maxEventBytes} bytes: 413`);
      return respond(request, response, 413);
    }
    request.setTimeout(0);
    const gone = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) gone.abort();
    });
    const { event, unreadable } = readEvent(request.rawHeaders, body);
    if (unreadable !== undefined) this.#options.log(`application: header ${unreadable} is repeated or no clean UTF-8`);
    return sendAnswer(request, response, await behind.deliver(event, patienceMs, gone.signal));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.destroy();
  }
}

/** Status 0 is a connection that breaks. A redirect leads nowhere: it is not to be followed. */
async function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, event }: ApplicationAnswer,
): Promise<void> {
  if (status === 0) return void response.destroy();
  if (event === undefined) {
    return respond(request, response, status, status >= 300 && status < 400 ? { location: '/elsewhere' } : {});
  }
  const headers = httpHeadersOf(event);
  if (headers === undefined) throw new Error('a planned reply has a header that HTTP cannot carry');
  return respond(request, response, status, headers, event.body);
}

async function sendContent(
  behind: Application,
  { eventId, item }: { readonly eventId: string; readonly item: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, content } = await behind.content(eventId, item);
  if (content === undefined) return sendAnswer(request, response, { status });
  response.writeHead(200, { 'content-type': 'application/octet-stream' });
  await pipeline(Readable.from(content, { objectMode: false }), response);
}
