/** A whole answer over HTTP. A redirect is an answer like any other: nothing is followed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Nothing came that could be read whole; `message` says why, in words that follow a name. */
export class NoAnswer extends Error {
  /** Whether somebody answered at all, only too much. */
  readonly tooLarge: boolean;

  constructor(why: string, options: { readonly tooLarge?: boolean; readonly cause?: unknown } = {}) {
    super(why, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'NoAnswer';
    this.tooLarge = options.tooLarge === true;
  }
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  /** Written as JSON; absent for none. */
  readonly json?: unknown;
  /** Longest time for the whole answer, in milliseconds, and most bytes of it. */
  readonly limitMs: number;
  readonly mostBytes: number;
  /** Ends it early: then it rejects with the reason of this. */
  readonly signal?: AbortSignal;
}

/** Asks once. Rejects with `NoAnswer`; what it says holds no header and no body. */
export async function call(url: string, request: HttpRequest): Promise<HttpAnswer> {
  const { method, headers, json, limitMs, mostBytes } = request;
  const late = AbortSignal.timeout(limitMs);
  const signal = request.signal === undefined ? late : AbortSignal.any([late, request.signal]);
  try {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      signal,
    });
    return { status: response.status, headers: response.headers, body: await bodyOf(response, mostBytes) };
  } catch (cause) {
    if (cause instanceof NoAnswer) throw cause;
    request.signal?.throwIfAborted();
    if (late.aborted) throw new NoAnswer(`gave no answer within ${String(limitMs / 1000)} s`, { cause });
    const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
    const why = inner instanceof Error && inner.message !== '' ? inner.message : codeOf(inner);
    throw new NoAnswer(`cannot be reached (${why})`, { cause });
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'for no known reason';

async function bodyOf(response: Response, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const parts: AsyncIterable<Uint8Array> | readonly Uint8Array[] = response.body ?? [];
  for await (const chunk of parts) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new NoAnswer(`answered with more than ${String(mostBytes)} bytes`, { tooLarge: true });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
