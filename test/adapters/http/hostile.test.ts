import { createServer as createHttp, type RequestListener } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';

import { AdapterClient } from '../../../harness/adapters/http/adapter-client.ts';
import { ApplicationClient } from '../../../harness/adapters/http/application-client.ts';
import { ApplicationServer } from '../../../harness/adapters/http/application-server.ts';
import { maxEventBytes } from '../../../harness/adapters/http/bounds.ts';
import type { Application } from '../../../harness/adapters/application.ts';
import { sampleEvent } from '../../fixtures/events.ts';
import { PlayedApplication } from '../../fixtures/played-application.ts';

const event = sampleEvent({ type: 'Task', id: 'a' });

/** A peer that speaks as the test says, for as long as it lasts. */
async function peer(server: Server): Promise<{ readonly url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const raw = (said: (socket: Socket) => void) =>
  peer(createServer((socket) => void socket.once('data', () => said(socket))));
const http = (listener: RequestListener) => peer(createHttp(listener));

/** What never comes is waited for shortly. */
const limitMs = (what: string): number => (what.startsWith('never') ? 400 : 10_000);

/** Writes for as long as somebody reads. */
function flood(socket: Socket, line: string): void {
  const chunk = line.repeat(Math.ceil(65_536 / line.length));
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', pour);
  pour();
}

describe('an adapter that misbehaves gets an answer with a reason, and never an exception', () => {
  const answers: readonly (readonly [string, (socket: Socket) => void, object])[] = [
    [
      'speaks no HTTP',
      (socket) => socket.end('hello\r\n\r\n'),
      { status: 0, reason: expect.stringMatching(/^the answer is no HTTP/) },
    ],
    [
      'closes without an answer',
      (socket) => socket.end(),
      { status: 0, reason: expect.stringMatching(/^the connection broke/) },
    ],
    [
      'resets the connection',
      (socket) => socket.resetAndDestroy(),
      { status: 0, reason: 'the connection broke (ECONNRESET)' },
    ],
    ['never answers', () => undefined, { status: 0, reason: 'no answer within 400 ms' }],
    [
      'never ends its body',
      (socket) => socket.write('HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\na'),
      { status: 0, reason: 'no answer within 400 ms' },
    ],
    [
      'breaks off within its body',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nce-id: a\r\nContent-Length: 9\r\n\r\na'),
      { status: 0, reason: expect.stringMatching(/^the connection broke/) },
    ],
    [
      'answers without end',
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nce-id: a\r\n\r\n');
        flood(socket, 'x');
      },
      { status: 0, reason: `200 with a body of more than ${maxEventBytes} bytes` },
    ],
    [
      'says that it answers a gigabyte',
      (socket) => socket.write('HTTP/1.1 422 No\r\nContent-Length: 1073741824\r\n\r\n'),
      { status: 422, reason: '422 with a body of more than 65536 bytes' },
    ],
    [
      'has headers without end',
      (socket) => {
        socket.write('HTTP/1.1 202 OK\r\n');
        flood(socket, 'x-more: yes\r\n');
      },
      { status: 0, reason: expect.stringMatching(/^the answer is no HTTP \(HPE_HEADER_OVERFLOW/) },
    ],
    [
      'upgrades',
      (socket) => socket.write('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      { status: 0, reason: expect.stringMatching(/^the connection broke/) },
    ],
    [
      'answers 204',
      (socket) => socket.end('HTTP/1.1 204 None\r\nConnection: close\r\n\r\n'),
      { status: 0, reason: '204, which the port does not have' },
    ],
    [
      'answers 200 without an event',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}'),
      { status: 0, reason: '200 without an event in binary mode' },
    ],
    [
      'answers a structured event',
      (socket) =>
        socket.end(
          'HTTP/1.1 200 OK\r\nConnection: close\r\nce-id: a\r\nContent-Type: application/cloudevents+json\r\nContent-Length: 2\r\n\r\n{}',
        ),
      { status: 0, reason: '200 without an event in binary mode' },
    ],
    [
      'answers with an id twice',
      (socket) =>
        socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nce-id: a\r\nce-id: a\r\nContent-Length: 2\r\n\r\n{}'),
      { status: 0, reason: expect.stringContaining('header ce-id') },
    ],
    [
      'refuses without a problem',
      (socket) => socket.end('HTTP/1.1 409 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}'),
      { status: 409, reason: 'not application/problem+json' },
    ],
    [
      'leaks content as its reason',
      (socket) =>
        socket.end(
          'HTTP/1.1 422 No\r\nConnection: close\r\nContent-Type: application/problem+json\r\n\r\n{"type":"urn:busworthy:smith"}',
        ),
      { status: 422, reason: 'a reason of its own' },
    ],
    [
      'sends a problem that is no object',
      (socket) =>
        socket.end('HTTP/1.1 422 No\r\nConnection: close\r\nContent-Type: application/problem+json\r\n\r\nnull'),
      { status: 422, reason: 'problem+json that cannot be parsed' },
    ],
    [
      'refuses as the port has it',
      (socket) =>
        socket.end(
          'HTTP/1.1 409 No\r\nConnection: close\r\nContent-Type: application/problem+json; charset=utf-8\r\n\r\n{"type":"urn:busworthy:conflict"}',
        ),
      { status: 409, reason: 'conflict' },
    ],
    [
      'has stored',
      (socket) => socket.end('HTTP/1.1 202 Accepted\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'),
      { status: 202, reason: 'stored' },
    ],
  ];

  test.each(answers)('one that %s', async (what, said, expected) => {
    await using adapter = await raw(said);
    using client = new AdapterClient(adapter.url, { timeoutMs: limitMs(what) });
    expect(await client.send(event)).toEqual(expected);
    // The next one finds no rest of it.
    expect(await client.send(event)).toEqual(expected);
  });

  test('a redirect is not followed', async () => {
    const asked: string[] = [];
    await using adapter = await http((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    using client = new AdapterClient(adapter.url, { timeoutMs: 5000 });
    expect(await client.send(event)).toEqual({ status: 0, reason: '307, which the port does not have' });
    expect(await client.health()).toBe(307);
    expect(asked).toEqual(['/', '/health']);
  });

  test('one whose answer its application waits for no longer', async () => {
    const closed = Promise.withResolvers<void>();
    const asked = Promise.withResolvers<void>();
    await using adapter = await http((request, response) => {
      response.once('close', closed.resolve);
      request.resume().once('end', asked.resolve);
    });
    using client = new AdapterClient(adapter.url, { timeoutMs: 5000 });
    const hangingUp = new AbortController();
    const answer = client.send(event, hangingUp.signal);
    await asked.promise;
    hangingUp.abort();
    expect((await answer).status).toBe(0);
    await closed.promise;
  });

  test('one that is not there', async () => {
    const gone = await raw(() => undefined);
    await gone[Symbol.asyncDispose]();
    using client = new AdapterClient(gone.url, { timeoutMs: 5000 });
    expect(await client.send(event)).toEqual({ status: 0, reason: 'the adapter takes no connections' });
    expect(await client.health()).toBe('the adapter takes no connections');
  });

  test('what it says beside an event is shown, for the search', async () => {
    const seen: string[] = [];
    await using adapter = await http((_request, response) => void response.writeHead(422).end('secret'));
    const inspect = (body: Uint8Array): void => void seen.push(Buffer.from(body).toString());
    using client = new AdapterClient(adapter.url, { timeoutMs: 5000, inspect });
    await client.send(event);
    expect(seen).toEqual(['secret']);
  });
});

describe('the application takes nothing but what the port has', () => {
  const problems: string[] = [];
  const open = (behind?: Application) =>
    ApplicationServer.open({ ...(behind && { behind }), log: () => undefined, problem: (what) => problems.push(what) });

  test.each([
    ['a structured event', 'POST', '/', { 'content-type': 'application/cloudevents+json; charset=utf-8' }, 415],
    ['a batch', 'POST', '/', { 'content-type': 'application/cloudevents-batch+json' }, 415],
    ['another path', 'POST', '/events', {}, 404],
    ['another method', 'GET', '/', {}, 405],
    ['another method for contents', 'DELETE', '/content/a/0', {}, 405],
    ['an item that is no number', 'GET', '/content/a/first', {}, 404],
    ['a content that there is not', 'GET', '/content/a/0', {}, 404],
    ['a path that is no UTF-8', 'GET', '/content/%FF/0', {}, 404],
  ])('%s', async (_what, method, path, more, status) => {
    const played = new PlayedApplication();
    await using server = await open(played);
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: more,
      ...(method === 'POST' && { body: '[]' }),
    });
    expect(answer.status).toBe(status);
    expect(played.handed).toEqual([]);
  });

  test('it is there before it is known which one it is', async () => {
    await using server = await open();
    using client = new ApplicationClient(server.url);
    expect(await client.deliver(event, 5000)).toEqual({ status: 503 });
    const played = new PlayedApplication();
    server.bind(played);
    expect(await client.deliver(event, 5000)).toEqual({ status: 204 });
    expect(played.handed[0]?.event).toEqual({ ...event, body: Buffer.from(event.body) });
  });

  test.each(['Content-Length: 1073741824\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n'])(
    'an event of a gigabyte is answered 413, and the connection closed (%j)',
    async (length) => {
      const played = new PlayedApplication();
      await using server = await open(played);
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1').on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      let said = '';
      socket.on('data', (part) => (said += part.toString()));
      socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${length}`);
      flood(socket, length.startsWith('C') ? 'x' : `1000\r\n${'x'.repeat(4096)}\r\n`);
      await closed;
      expect(said).toMatch(/^HTTP\/1.1 413 /);
      expect(socket.bytesWritten).toBeLessThan(1_073_741_824);
      expect(played.handed).toEqual([]);
    },
  );

  test('an adapter that hangs up while it is answered is noticed', async () => {
    const noticed = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const behind: Application = {
      ...nobody,
      deliver: async (_event, _limit, gone) => {
        gone?.addEventListener('abort', () => noticed.resolve());
        reached.resolve();
        await noticed.promise;
        return { status: 200 };
      },
    };
    await using server = await open(behind);
    using client = new ApplicationClient(server.url);
    const hangUp = new AbortController();
    const delivering = client.deliver(event, 60_000, hangUp.signal);
    await reached.promise;
    hangUp.abort();
    expect(await delivering).toEqual({ status: 0 });
    await noticed.promise;
  });

  test('an event that breaks off is not handed over', async () => {
    const played = new PlayedApplication();
    await using server = await open(played);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nce-id: a\r\nContent-Length: 10\r\n\r\nhalf');
    socket.end();
    await new Promise((resolve) => socket.resume().once('close', resolve));
    using client = new ApplicationClient(server.url);
    await client.deliver(event, 5000);
    expect(played.ids).toEqual(['a']);
    expect(played.handed[0]?.event.body).toHaveLength(event.body.length);
  });

  test('an application that dies gives no answer', async () => {
    await using server = await open(new PlayedApplication(() => ({ status: 0 })));
    using client = new ApplicationClient(server.url);
    expect(await client.deliver(event, 60_000)).toEqual({ status: 0 });
  });

  test('a fault behind it is told, and breaks the connection', async () => {
    await using server = await open({ ...nobody, deliver: () => Promise.reject(new Error('ours')) });
    using client = new ApplicationClient(server.url);
    expect(await client.deliver(event, 60_000)).toEqual({ status: 0 });
    expect(problems).toContain('the application server');
  });
});

describe('an application that misbehaves is one that failed', () => {
  test.each([
    ['never answers', () => undefined, { status: 0 }],
    ['speaks no HTTP', (socket: Socket) => socket.end('hello'), { status: 0 }],
    ['redirects', (socket: Socket) => socket.end('HTTP/1.1 308 No\r\nLocation: /\r\n\r\n'), { status: 308 }],
    [
      'answers 500 without end',
      (socket: Socket) => {
        socket.write('HTTP/1.1 500 No\r\n\r\n');
        flood(socket, 'x');
      },
      { status: 500 },
    ],
    [
      'answers 200 with what is no event',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nhello'),
      { status: 200 },
    ],
  ])('one that %s', async (what, said, expected) => {
    await using application = await raw(said);
    using client = new ApplicationClient(application.url);
    expect(await client.deliver(event, limitMs(what))).toEqual(expected);
  });

  test('an event that HTTP cannot carry is as good as rejected', async () => {
    await using application = await raw(() => undefined);
    using client = new ApplicationClient(application.url);
    const odd = sampleEvent({ type: 'Task', id: 'a', headers: { tracestate: 'a\u0001' } });
    expect(await client.deliver(odd, 400)).toEqual({ status: 400 });
  });

  test('content that it does not give for now is not taken for content that there is not', async () => {
    await using application = await http((_request, response) => void response.writeHead(500).end());
    using client = new ApplicationClient(application.url);
    expect(await client.content('a', 0)).toEqual({ status: 500 });
  });
});

const nobody: Application = {
  deliver: () => Promise.resolve({ status: 500 }),
  content: () => Promise.resolve({ status: 404 }),
  stage: () => Promise.resolve({ status: 500 }),
};
