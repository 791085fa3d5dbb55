import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameReader, mostHeaderBytes, mostLineBytes, type Frame } from '../../../harness/adapters/relay/frames.ts';

const keepAll = (): number => Number.MAX_SAFE_INTEGER;

/** What a frame says, without where it lay in its chunk. */
const said = ({ start: _start, end: _end, ...frame }: Frame): Omit<Frame, 'start' | 'end'> => frame;

function readIn(chunks: readonly Buffer[]): { readonly frames: readonly Frame[]; readonly unread: string | undefined } {
  const reader = new FrameReader(keepAll);
  return { frames: chunks.flatMap((chunk) => reader.push(chunk)), unread: reader.unread };
}

function split(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

const token = fc.stringMatching(/^[A-Za-z0-9_$-]{1,8}$/);
const subject = fc.array(token, { minLength: 1, maxLength: 4 }).map((tokens) => tokens.join('.'));
const bytes = fc.uint8Array({ maxLength: 40 }).map((list) => Buffer.from(list));
const headers = fc
  .array(fc.tuple(token, token), { maxLength: 3 })
  .map((list) => `NATS/1.0\r\n${list.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`);
const line = (text: string): Buffer => Buffer.from(`${text}\r\n`);
const withPayload = (text: string, payload: Buffer): Buffer => Buffer.concat([line(text), payload, line('')]);
const optional = fc.option(subject, { nil: undefined });
const words = (...list: readonly (string | number | undefined)[]): string =>
  list.filter((word) => word !== undefined).join(' ');

const operation = fc.oneof(
  fc.constantFrom('PING', 'PONG', '+OK', 'ping', '-ERR \'Permissions Violation for Publish to "x"\'').map(line),
  fc.constantFrom('INFO', 'CONNECT').map((name) => line(`${name} {"lang":"x","a b":1}`)),
  subject.map((to) => line(`SUB ${to} 1`)),
  fc
    .tuple(subject, optional, bytes)
    .map(([to, reply, body]) => withPayload(words('PUB', to, reply, body.length), body)),
  fc
    .tuple(subject, optional, bytes)
    .map(([to, reply, body]) => withPayload(words('MSG', to, 7, reply, body.length), body)),
  fc
    .tuple(fc.constantFrom('HPUB', 'HMSG'), subject, optional, headers, bytes)
    .map(([name, to, reply, block, body]) =>
      withPayload(
        words(name, to, name === 'HMSG' ? 7 : undefined, reply, block.length, block.length + body.length),
        Buffer.concat([Buffer.from(block), body]),
      ),
    ),
);

describe('operations of the NATS protocol', () => {
  test('are the same at whatever bytes they are split', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 8 }), fc.array(fc.nat()), (list, places) => {
        const whole = Buffer.concat(list);
        const once = readIn([whole]);
        expect(once.unread).toBeUndefined();
        expect(once.frames.length).toBe(list.length);
        const again = readIn(split(whole, places));
        expect(again.unread).toBeUndefined();
        expect(again.frames.map(said)).toEqual(once.frames.map(said));
      }),
      { numRuns: 500 },
    );
  });

  test('begin where the one before has ended, whatever the split', () => {
    fc.assert(
      fc.property(fc.array(operation, { minLength: 1, maxLength: 8 }), fc.array(fc.nat()), (list, places) => {
        const reader = new FrameReader(() => 0);
        let passed = 0;
        const found = split(Buffer.concat(list), places).flatMap((chunk) => {
          const frames = reader.push(chunk).map(({ start, end }) => [passed + start, passed + end]);
          passed += chunk.length;
          return frames;
        });
        let from = 0;
        const expected = list.map((one) => [from, (from += one.length)]);
        expect(found).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('tell subject, reply, headers and size, and as much of the body as is wanted', () => {
    const reader = new FrameReader((to) => (to === 'a.b' ? 3 : 0));
    const [wanted, content] = reader.push(
      Buffer.from('HPUB a.b _INBOX.1 12 17\r\nNATS/1.0\r\n\r\nhello\r\nMSG c 9 d 5\r\nhello\r\n'),
    );
    expect(wanted).toMatchObject({ operation: 'HPUB', subject: 'a.b', reply: '_INBOX.1', bytes: 5, body: 'hel' });
    expect(wanted?.headers).toBe('NATS/1.0\r\n\r\n');
    expect(content).toMatchObject({ operation: 'MSG', subject: 'c', reply: 'd', bytes: 5, body: '' });
  });
});

describe('a hostile peer', () => {
  test.each([
    ['an endless line', 'x'.repeat(mostLineBytes + 1)],
    ['sizes that cannot be', 'PUB a 99999999999999999999\r\n'],
    ['sizes that cannot be', 'HPUB a 10 5\r\n'],
    ['sizes that cannot be', 'PUB a -1\r\n'],
    ['a payload without an end', 'PUB a 2\r\nabcd\r\n'],
    ['not the NATS protocol', 'GET / HTTP/1.1\r\n'],
    ['TLS', '\u0016\u0003\u0001'],
  ])('ends the reading for %s', (why, text) => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 5 }), (places) => {
        const { frames, unread } = readIn(split(Buffer.from(text, 'latin1'), places));
        expect(frames).toEqual([]);
        expect(unread).toBe(why);
      }),
      { numRuns: 20 },
    );
  });

  test('that announces a gigabyte costs no more than what is kept of its headers', () => {
    const reader = new FrameReader(() => 16);
    const size = 2 ** 30;
    reader.push(Buffer.from(`HPUB a ${String(size - 100)} ${String(size)}\r\n`));
    const chunk = Buffer.alloc(65_536, 'x');
    const before = process.memoryUsage();
    for (let sent = 0; sent < 256; sent++) expect(reader.push(chunk)).toEqual([]);
    globalThis.gc?.();
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(mostHeaderBytes + 8 * 2 ** 20);
    expect(reader.unread).toBeUndefined();
  });
});
