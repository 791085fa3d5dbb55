import type { IncomingMessage } from 'node:http';

import type { CloudEvent } from '../../model/event.ts';
import type { Application, ApplicationAnswer, OfferedContent } from '../application.ts';
import { httpHeadersOf, isStructured, readEvent } from './binary-mode.ts';
import { readBody } from './body.ts';
import { maxEventBytes, maxProblemBytes, pauseMs } from './bounds.ts';
import { Caller } from './call.ts';
import { contentPath } from '../../model/content-path.ts';

/** The application as its adapter meets it: over HTTP, without redirects. Contents stream through. */
export class ApplicationClient implements Application, Disposable {
  readonly #caller: Caller;

  /** @param url `APPLICATION_URL` */
  constructor(url: string) {
    this.#caller = new Caller(url);
  }

  async deliver(event: CloudEvent, timeLimitMs: number, gone?: AbortSignal): Promise<ApplicationAnswer> {
    const headers = httpHeadersOf(event);
    // Whatever the application would say of it: it can never be given it.
    if (headers === undefined) return { status: 400 };
    const limit = AbortSignal.timeout(Math.min(Math.ceil(timeLimitMs), 0x7fff_ffff));
    const signal = gone === undefined ? limit : AbortSignal.any([limit, gone]);
    try {
      const answer = await this.#caller.call({ method: 'POST', path: '/', headers, body: event.body, signal });
      return await read(answer);
    } catch {
      return { status: 0 };
    }
  }

  async content(eventId: string, item: number): Promise<OfferedContent> {
    const patience = new Patience();
    try {
      const path = contentPath(eventId, item);
      const answer = await this.#caller.call({ method: 'GET', path, signal: patience.signal });
      const status = answer.statusCode ?? 0;
      if (status === 200) return { status, content: ending(patience, answer) };
      answer.destroy();
      patience.end();
      return { status };
    } catch {
      patience.end();
      return { status: 0 };
    }
  }

  async stage(eventId: string, item: number, content: AsyncIterable<Uint8Array>): Promise<ApplicationAnswer> {
    const patience = new Patience();
    try {
      const answer = await this.#caller.call({
        method: 'PUT',
        path: contentPath(eventId, item),
        headers: { 'content-type': 'application/octet-stream' },
        body: patience.through(content),
        signal: patience.signal,
      });
      answer.destroy();
      return { status: answer.statusCode ?? 0 };
    } catch {
      return { status: 0 };
    } finally {
      patience.end();
    }
  }

  /** Ends what is open. */
  [Symbol.dispose](): void {
    this.#caller[Symbol.dispose]();
  }
}

/** The status is what counts; a body beside a success may be an event, and whether that is a reply is not said here. */
async function read(answer: IncomingMessage): Promise<ApplicationAnswer> {
  const status = answer.statusCode ?? 0;
  const success = status >= 200 && status < 300;
  const body = await readBody(answer, success ? maxEventBytes : maxProblemBytes);
  if (body === undefined) {
    answer.destroy();
    return { status };
  }
  if (!success || isStructured(answer.headers['content-type'])) return { status };
  const { event, unreadable } = readEvent(answer.rawHeaders, body);
  return unreadable === undefined && holdsEvent(event) ? { status, event } : { status };
}

/** One attribute is enough: whether the event is sound is for the check to say. */
const holdsEvent = ({ headers }: CloudEvent): boolean =>
  Object.keys(headers).some((name) => name.startsWith('ce-') && name !== 'ce-datacontenttype');

async function* ending(patience: Patience, content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* patience.through(content);
  } finally {
    patience.end();
  }
}

/** Ends a stream in which nothing moves any more. */
class Patience {
  readonly #stuck = new AbortController();
  readonly #timer = setTimeout(() => this.#stuck.abort(), pauseMs);

  get signal(): AbortSignal {
    return this.#stuck.signal;
  }

  async *through(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of content) {
      this.#timer.refresh();
      yield chunk;
    }
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
