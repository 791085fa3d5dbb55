import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Problem } from '../../model/errors.ts';
import { headersMs, keepAliveMs, lingerMs, maxConnections, maxHeaderBytes } from './bounds.ts';
import { createServer } from './node-http.ts';

interface ServerOptions {
  /** Absent: all interfaces. */
  readonly host?: string;
  /** 0 for any. */
  readonly port: number;
  /** Answers one request. What it throws while the other side is still there goes to `fault`, and ends the connection. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  readonly fault: (cause: unknown) => void;
}

/** An HTTP server that a slow, silent or overlong peer cannot hold up. */
export class HttpServer {
  readonly #options: ServerOptions;
  readonly #server: Server;
  readonly #closed: Promise<void>;
  readonly #open = new Set<ServerResponse>();
  #closing = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#server = createServer({
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: headersMs,
      requestTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: 1000,
    });
    this.#server.maxConnections = maxConnections;
    this.#server.on('request', (request, response) => {
      this.#open.add(response);
      response.once('close', () => this.#open.delete(response));
      if (this.#closing) response.setHeader('connection', 'close');
      options.answer(request, response).catch((cause: unknown) => {
        if (!response.destroyed) options.fault(cause);
        response.destroy();
      });
    });
    this.#closed = new Promise((resolve) => {
      this.#server.once('close', resolve);
    });
  }

  /** Throws a Problem where the port is taken. */
  async listen(): Promise<void> {
    const { host, port } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${cause.code ?? cause.name})`;
        reject(new Problem('environment', `port ${port} ${why}`, { next: 'give another port', cause }));
      });
      this.#server.listen({ port, ...(host !== undefined && { host }) }, resolve);
    });
  }

  get closing(): boolean {
    return this.#closing;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no more connections, lets open requests end. Resolves once all connections are closed. */
  close(): Promise<void> {
    this.#closing = true;
    for (const response of this.#open) if (!response.headersSent) response.setHeader('connection', 'close');
    this.#server.close();
    return this.#closed;
  }

  /** Ends all connections at once. */
  destroy(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    return this.#closed;
  }
}

/** Answers; where the request is not wholly read yet, its rest is thrown away and the connection closed. */
export async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Uint8Array = new Uint8Array(),
): Promise<void> {
  if (response.destroyed) return;
  const bodiless = status === 204 || status === 304;
  const unread = !request.complete;
  response.writeHead(status, {
    ...headers,
    ...(!bodiless && { 'content-length': String(body.length) }),
    ...(unread && { connection: 'close' }),
  });
  if (!unread) return void response.end(bodiless ? undefined : body);
  // What is flushed without a body goes out in UTF-8 and not a byte for each character: no event is answered here.
  if (bodiless || body.length === 0) response.flushHeaders();
  else response.write(body);
  await discard(request);
  response.end();
}

/** A connection that is closed before its sender is done would take the answer with it. */
async function discard(request: IncomingMessage): Promise<void> {
  request.on('error', () => undefined);
  request.resume();
  await new Promise<void>((resolve) => {
    const enough = setTimeout(resolve, lingerMs);
    // Comes after 'end' too.
    request.once('close', () => {
      clearTimeout(enough);
      resolve();
    });
  });
}
