const operations = [
  'INFO',
  'CONNECT',
  'PUB',
  'HPUB',
  'SUB',
  'UNSUB',
  'MSG',
  'HMSG',
  'PING',
  'PONG',
  '+OK',
  '-ERR',
] as const;
type Operation = (typeof operations)[number];

/** One operation of the NATS client protocol, whole. `start` and `end` are offsets in the chunk that ended it; `start` is negative where it began in an earlier one. */
export interface Frame {
  readonly operation: Operation;
  /** The words behind the operation; of INFO, CONNECT and -ERR the rest of the line as one. */
  readonly words: readonly string[];
  /** '' for none. */
  readonly subject: string;
  readonly reply: string;
  /** The block of headers, its first `mostHeaderBytes` bytes. */
  readonly headers: string;
  /** The first bytes of the body, as many as `keep` asked for. */
  readonly body: string;
  /** Size of the body. */
  readonly bytes: number;
  readonly start: number;
  readonly end: number;
}

/** How many bytes of a body are to be kept: 0 for all content. */
export type Keep = (subject: string) => number;

/** Longest control line; a server sends all addresses of a cluster in one. */
export const mostLineBytes = 64 * 1024;
export const mostHeaderBytes = 16 * 1024;
/** Largest payload that is believed; a server's limit is 64 MiB. */
const mostPayloadBytes = 2 ** 30;
const lineFeed = 10;
const carriageReturn = 13;
/** The first byte of a TLS handshake. */
const tlsHandshake = 0x16;

interface Payload {
  readonly head: Pick<Frame, 'operation' | 'words' | 'subject' | 'reply'>;
  readonly headerBytes: number;
  readonly totalBytes: number;
  readonly bodyBytes: number;
  /** Bytes of payload and line end that have come. */
  seen: number;
  headers: Buffer[];
  body: Buffer[];
}

/**
 * One way of a connection, split into operations as they come, at whatever byte they are split. At most a line and a block of
 * headers are held. What cannot be understood ends the reading, never the connection.
 */
export class FrameReader {
  readonly #keep: Keep;
  #line: Buffer[] = [];
  #lineBytes = 0;
  #payload: Payload | undefined;
  /** Where the operation began, in the chunk at hand. */
  #start = 0;
  #unread: string | undefined;

  constructor(keep: Keep) {
    this.#keep = keep;
  }

  /** Why nothing is read any more; undefined while it is. */
  get unread(): string | undefined {
    return this.#unread;
  }

  /** How many bytes of the operation that has begun have come; 0 where nothing is read any more. */
  get unfinished(): number {
    return this.#unread === undefined ? -this.#start : 0;
  }

  /** The operations that end in this chunk. */
  push(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length && this.#unread === undefined) {
      at = this.#payload === undefined ? this.#readLine(chunk, at, frames) : this.#readPayload(chunk, at, frames);
    }
    this.#start -= chunk.length;
    return frames;
  }

  #readLine(chunk: Buffer, at: number, frames: Frame[]): number {
    if (this.#lineBytes === 0 && chunk[at] === tlsHandshake) return this.#giveUp(chunk, 'TLS');
    const found = chunk.indexOf(lineFeed, at);
    const end = found < 0 ? chunk.length : found + 1;
    if (this.#lineBytes + end - at > mostLineBytes) return this.#giveUp(chunk, 'an endless line');
    // Copied, since the chunk's memory is not ours to keep.
    if (found < 0) {
      this.#line.push(Buffer.from(chunk.subarray(at)));
      this.#lineBytes += end - at;
      return end;
    }
    const part = chunk.subarray(at, found);
    const line = this.#line.length === 0 ? part : Buffer.concat([...this.#line, part]);
    this.#line = [];
    this.#lineBytes = 0;
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    this.#begin(line.toString('utf8', 0, length), end, frames);
    return end;
  }

  #begin(line: string, end: number, frames: Frame[]): void {
    const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
    const operation = operations.find((known) => known === word.toUpperCase());
    if (operation === undefined) {
      this.#unread = 'not the NATS protocol';
      return;
    }
    const whole = operation === 'INFO' || operation === 'CONNECT' || operation === '-ERR';
    const words = whole ? [rest] : rest.split(/\s+/).filter((one) => one !== '');
    const head = { operation, words, ...addressOf(operation, words) };
    const sizes = sizesOf(operation, words);
    if (sizes === 'none') {
      frames.push({ ...head, headers: '', body: '', bytes: 0, start: this.#start, end });
      this.#start = end;
    } else if (sizes === undefined) this.#unread = 'sizes that cannot be';
    else {
      const [headerBytes, totalBytes] = sizes;
      const bodyBytes = Math.min(this.#keep(head.subject), totalBytes - headerBytes);
      this.#payload = { head, headerBytes, totalBytes, bodyBytes, seen: 0, headers: [], body: [] };
    }
  }

  #readPayload(chunk: Buffer, at: number, frames: Frame[]): number {
    const payload = this.#payload;
    if (payload === undefined) return at;
    const { totalBytes, headerBytes, bodyBytes } = payload;
    const end = Math.min(chunk.length, at + totalBytes + 2 - payload.seen);
    const kept = (from: number, to: number): Buffer =>
      Buffer.from(chunk.subarray(within(at + from - payload.seen, at, end), within(at + to - payload.seen, at, end)));
    const headers = kept(0, Math.min(headerBytes, mostHeaderBytes));
    if (headers.length > 0) payload.headers.push(headers);
    const body = kept(headerBytes, headerBytes + bodyBytes);
    if (body.length > 0) payload.body.push(body);
    for (let place = 0; place < 2; place++) {
      const position = at + totalBytes + place - payload.seen;
      if (position >= at && position < end && chunk[position] !== (place === 0 ? carriageReturn : lineFeed))
        return this.#giveUp(chunk, 'a payload without an end');
    }
    payload.seen += end - at;
    if (payload.seen < totalBytes + 2) return end;
    this.#payload = undefined;
    frames.push({
      ...payload.head,
      headers: Buffer.concat(payload.headers).toString('utf8'),
      body: Buffer.concat(payload.body).toString('utf8'),
      bytes: totalBytes - headerBytes,
      start: this.#start,
      end,
    });
    this.#start = end;
    return end;
  }

  #giveUp(chunk: Buffer, why: string): number {
    this.#unread = why;
    this.#line = [];
    this.#payload = undefined;
    return chunk.length;
  }
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

function addressOf(operation: Operation, words: readonly string[]): { subject: string; reply: string } {
  const [subject = '', second = '', third = ''] = words;
  switch (operation) {
    case 'PUB':
      return { subject, reply: words.length > 2 ? second : '' };
    case 'HPUB':
      return { subject, reply: words.length > 3 ? second : '' };
    case 'MSG':
      return { subject, reply: words.length > 3 ? third : '' };
    case 'HMSG':
      return { subject, reply: words.length > 4 ? third : '' };
    case 'SUB':
      return { subject, reply: '' };
    default:
      return { subject: '', reply: '' };
  }
}

/** Size of the headers and of all; `none` for an operation without a payload; undefined for what no server takes. */
function sizesOf(
  operation: Operation,
  words: readonly string[],
): readonly [headerBytes: number, totalBytes: number] | 'none' | undefined {
  const withHeaders = operation === 'HPUB' || operation === 'HMSG';
  if (!withHeaders && operation !== 'PUB' && operation !== 'MSG') return 'none';
  const fewest = { PUB: 2, HPUB: 3, MSG: 3, HMSG: 4 }[operation];
  const sizes = words.slice(withHeaders ? -2 : -1);
  if (words.length < fewest || words.length > fewest + 1 || sizes.some((size) => !/^\d{1,10}$/.test(size)))
    return undefined;
  const [headerBytes, totalBytes] = withHeaders ? [Number(sizes[0]), Number(sizes[1])] : [0, Number(sizes[0])];
  return headerBytes > totalBytes || totalBytes > mostPayloadBytes ? undefined : [headerBytes, totalBytes];
}
