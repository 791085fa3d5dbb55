import type { IncomingMessage } from 'node:http';

import type { CloudEvent } from '../../model/event.ts';
import type { SendAnswer } from '../application.ts';
import { httpHeadersOf, isStructured, readEvent } from './binary-mode.ts';
import { readBody } from './body.ts';
import { maxEventBytes, maxProblemBytes } from './bounds.ts';
import { Caller } from './call.ts';
import { reasonIn } from './problem.ts';

export interface AdapterClientOptions {
  /** How long the adapter may take for an answer. */
  readonly timeoutMs: number;
  /** Is shown the body of every answer that is no event: none may hold content. */
  readonly inspect?: (body: Uint8Array) => void;
}

/** An adapter under test as its application meets it. */
export class AdapterClient implements Disposable {
  readonly #caller: Caller;
  readonly #options: AdapterClientOptions;

  /** @param url of the adapter, without a trailing slash */
  constructor(url: string, options: AdapterClientOptions) {
    this.#caller = new Caller(url);
    this.#options = options;
  }

  /**
   * POSTs an event. Never rejects: status 0 is an adapter that gave no answer, or one that means nothing; the reason says which. Reasons
   * are words of ours, or known ones of the port.
   * @param gone closes the connection, and with it what is known of the answer
   */
  async send(event: CloudEvent, gone?: AbortSignal): Promise<SendAnswer> {
    const headers = httpHeadersOf(event);
    if (headers === undefined) return { status: 0, reason: 'not sent: HTTP cannot carry a header of the event' };
    const late = AbortSignal.timeout(this.#options.timeoutMs);
    const signal = gone === undefined ? late : AbortSignal.any([late, gone]);
    try {
      const answer = await this.#caller.call({ method: 'POST', path: '/', headers, body: event.body, signal });
      return await this.#read(answer);
    } catch (error) {
      const why = late.aborted ? `no answer within ${this.#options.timeoutMs} ms` : failureOf(error);
      return { status: 0, reason: why };
    }
  }

  /** Status of `GET /health`, or why there is none. */
  async health(timeoutMs = this.#options.timeoutMs): Promise<number | string> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await this.#caller.call({ method: 'GET', path: '/health', signal });
      if ((await readBody(answer, maxProblemBytes)) === undefined) answer.destroy();
      return answer.statusCode ?? 0;
    } catch (error) {
      return signal.aborted ? `no answer within ${timeoutMs} ms` : failureOf(error);
    }
  }

  async #read(answer: IncomingMessage): Promise<SendAnswer> {
    const status = answer.statusCode ?? 0;
    const limit = status === 200 ? maxEventBytes : maxProblemBytes;
    const body = await readBody(answer, limit);
    if (body === undefined) {
      answer.destroy();
      return nonsense(status, `${status} with a body of more than ${limit} bytes`);
    }
    if (status === 200) {
      const { event, unreadable } = readEvent(answer.rawHeaders, body);
      if (unreadable !== undefined)
        return nonsense(status, `200 with a header ${unreadable} that is repeated or no UTF-8`);
      const isEvent = event.headers['ce-id'] !== undefined && !isStructured(answer.headers['content-type']);
      return isEvent ? { status, reason: 'reply', event } : nonsense(status, '200 without an event in binary mode');
    }
    this.#options.inspect?.(body);
    if (status === 202) return { status, reason: 'stored' };
    if (status < 400) return nonsense(status, `${status}, which the port does not have`);
    return { status, reason: reasonIn(answer.headers['content-type'], body) };
  }

  /** Ends what is open. */
  [Symbol.dispose](): void {
    this.#caller[Symbol.dispose]();
  }
}

/** Below 400 a status that means nothing says nothing about the outcome; above, it is that of its class. */
function nonsense(status: number, reason: string): SendAnswer {
  return { status: status < 400 ? 0 : status, reason };
}

function failureOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ECONNREFUSED') return 'the adapter takes no connections';
  if (code.startsWith('HPE_')) return `the answer is no HTTP (${code})`;
  return `the connection broke (${code === '' ? 'closed' : code})`;
}
