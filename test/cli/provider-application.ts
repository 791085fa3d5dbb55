import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { contracts } from './busworthy.ts';

/** What Pact's verifier asks a message provider for. */
export interface Asked {
  readonly description: string;
  readonly providerStates?: readonly { readonly name: string; readonly params: object }[];
  readonly request?: { readonly contents: { readonly content: object }; readonly metadata: object };
}

/** What was posted to the provider application: messages asked for, and states put. */
export interface Posted {
  readonly path: string;
  readonly body: Asked & { readonly state?: string; readonly action?: string };
}

export type Answering = (posted: Posted, response: ServerResponse, request: IncomingMessage) => void;

/** A provider application on loopback, as a team has one for Pact: it gives the message that a description names. */
export class ProviderServer implements AsyncDisposable {
  readonly posted: Posted[] = [];
  readonly #server: Server;

  private constructor(answer: Answering) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Posted['body'];
        const posted = { path: request.url ?? '', body };
        if (request.method === 'POST') this.posted.push(posted);
        answer(posted, response, request);
      });
    });
  }

  static async start(answer: Answering): Promise<ProviderServer> {
    const started = new ProviderServer(answer);
    started.#server.listen(0, '127.0.0.1');
    await once(started.#server, 'listening');
    return started;
  }

  url(path: string): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** The valid example of a message, as the service's own documents have it. */
export const exampleOf = (service: string, type: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(contracts, service, 'examples', `${type}.valid.json`), 'utf8')) as Record<
    string,
    unknown
  >;

/** Gives an event as a message provider of Pact does: the contents as the body, all else in one header of metadata. */
export function give(
  response: ServerResponse,
  service: string,
  type: string,
  payload: unknown,
  more: Readonly<Record<string, string | null>> = {},
): void {
  const metadata = {
    'ce-specversion': '1.0',
    'ce-id': `given-${type}`,
    'ce-type': type,
    'ce-time': '2026-03-05T14:30:00Z',
    'ce-dataschema': `urn:busworthy:${service}:${type}:1`,
    'ce-correlationid': 'correlation-1',
    'ce-classification': 'OFFICIAL',
    ...more,
  };
  const present = Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
  response.setHeader('content-type', 'application/json');
  response.setHeader('pact-message-metadata', Buffer.from(JSON.stringify(present)).toString('base64'));
  response.end(JSON.stringify(payload));
}
