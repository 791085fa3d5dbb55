import { expect, test } from 'vitest';

import type { Application } from '../../../harness/adapters/application.ts';
import { ApplicationClient } from '../../../harness/adapters/http/application-client.ts';
import { ApplicationServer } from '../../../harness/adapters/http/application-server.ts';

const chunk = new Uint8Array(65_536).fill(7);
const chunks = 1600;
/** What may be on its way: the buffers of two programs and two sockets. */
const onItsWay = 16 * 1024 ** 2;

/** 100 MB, counted as they are taken from here. */
class Source {
  bytes = 0;
  async *read(failAfter = Infinity): AsyncGenerator<Uint8Array> {
    for (let n = 0; n < chunks; n++) {
      if (n === failAfter) throw new Error('the source failed');
      this.bytes += chunk.length;
      yield await Promise.resolve(chunk);
    }
  }
}

const never = (): never => expect.unreachable();
const options = (behind: Partial<Application>) => ({
  behind: { deliver: never, content: never, stage: never, ...behind },
  log: never,
  problem: () => undefined,
});

test('100 MB stream from the application, no faster than they are taken', async () => {
  const source = new Source();
  await using server = await ApplicationServer.open(
    options({ content: () => Promise.resolve({ status: 200, content: source.read() }) }),
  );
  using client = new ApplicationClient(server.url);
  const { content } = await client.content('x/1 ä%', 0);
  let taken = 0;
  let ahead = 0;
  for await (const part of content!) {
    taken += part.length;
    ahead = Math.max(ahead, source.bytes - taken);
    await new Promise(setImmediate);
  }
  expect(taken).toBe(chunks * chunk.length);
  expect(ahead).toBeLessThan(onItsWay);
});

test('100 MB stream to the application, no faster than it takes them', async () => {
  const source = new Source();
  let named: unknown;
  let taken = 0;
  let ahead = 0;
  const stage: Application['stage'] = async (eventId, item, content) => {
    named = { eventId, item };
    for await (const part of content) {
      taken += part.length;
      ahead = Math.max(ahead, source.bytes - taken);
      await new Promise(setImmediate);
    }
    return { status: 204 };
  };
  await using server = await ApplicationServer.open(options({ stage }));
  using client = new ApplicationClient(server.url);
  expect(await client.stage('x/1 ä%', 3, source.read())).toEqual({ status: 204 });
  expect(named).toEqual({ eventId: 'x/1 ä%', item: 3 });
  expect(taken).toBe(chunks * chunk.length);
  expect(ahead).toBeLessThan(onItsWay);
});

test('content that breaks off at its source is not taken for whole', async () => {
  await using server = await ApplicationServer.open(
    options({ content: () => Promise.resolve({ status: 200, content: new Source().read(5) }) }),
  );
  using client = new ApplicationClient(server.url);
  const { content } = await client.content('a', 0);
  const reading = async (): Promise<void> => {
    for await (const _part of content!);
  };
  await expect(reading()).rejects.toThrow(/aborted|hang up|terminated/);
});

test('content that breaks off on its way to the application is not staged', async () => {
  const broke = Promise.withResolvers<void>();
  const stage: Application['stage'] = async (_id, _item, content) => {
    try {
      for await (const _part of content);
    } catch (error) {
      broke.resolve();
      throw error;
    }
    return { status: 204 };
  };
  await using server = await ApplicationServer.open(options({ stage }));
  using client = new ApplicationClient(server.url);
  expect(await client.stage('a', 0, new Source().read(5))).toEqual({ status: 0 });
  await broke.promise;
});

test('what the application refuses before it has all of it is refused', async () => {
  const source = new Source();
  await using server = await ApplicationServer.open(options({ stage: () => Promise.resolve({ status: 422 }) }));
  using client = new ApplicationClient(server.url);
  expect(await client.stage('a', 0, source.read())).toEqual({ status: 422 });
});
