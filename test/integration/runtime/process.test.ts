import { connect } from '@nats-io/transport-node';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { startProcess } from '../../../harness/bus/runtime/process.ts';
import { busLaws, ownServerLaws, spec, type BusUnderLaw } from '../bus-laws.ts';
import { leftovers, ownTemporaryFolder } from './leftovers.ts';

const temporary = await ownTemporaryFolder();
const underLaw: BusUnderLaw = { start: () => startProcess(), leftovers: () => leftovers(temporary) };

describe('the process runtime, like any', () => {
  busLaws(underLaw);
});
describe('the process runtime, being our own', () => {
  ownServerLaws(underLaw);
});

describe('the process runtime', () => {
  test('two buses side by side take different ports', async () => {
    await using one = await startProcess();
    await using two = await startProcess();
    expect(one.url).not.toBe(two.url);
  });

  test('a chosen port is the one that it listens on', async () => {
    const first = await startProcess();
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();
    await using bus = await startProcess({ port });
    expect(bus.url).toBe(`nats://127.0.0.1:${String(port)}`);
  });

  test('a chosen port that is in use is an error of the environment that says so, and leaves nothing behind', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const before = await leftovers(temporary);
    await expect(startProcess({ port })).rejects.toMatchObject({
      kind: 'environment',
      message: `The reference bus cannot listen on 127.0.0.1:${String(port)}: the port is in use.`,
    });
    expect(await leftovers(temporary)).toEqual(before);
    other.close();
  });

  test('a server that ends by itself is an error of the environment with the end of its log', async () => {
    await using bus = await startProcess();
    process.kill(await serverId(), 'SIGTERM');
    await once(bus.failure, 'abort');
    expect(bus.failure.reason).toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(/ended by itself \(.*\)[^]*Server Exiting/) as unknown,
    });
    await expect(bus.namespace(spec)).rejects.toBe(bus.failure.reason);
  });

  test('a stream can be flushed to the disk before it is acknowledged, where that is asked for', async () => {
    await using bus = await startProcess({ syncAlways: true });
    const answer = (await (await fetch(`${String(bus.monitorUrl)}/varz`)).json()) as {
      jetstream: { config: { sync_always: boolean } };
    };
    expect(answer.jetstream.config.sync_always).toBe(true);
  });

  test('a paused server is ended like any other', async () => {
    const bus = await startProcess();
    await bus.control?.pause();
    await bus[Symbol.asyncDispose]();
    expect(await leftovers(temporary)).toEqual([]);
  });

  test('a namespace is refused once the bus has been ended', async () => {
    const bus = await startProcess();
    await bus[Symbol.asyncDispose]();
    await expect(bus.namespace(spec)).rejects.toThrow(/does not run/);
  });

  test.for([
    ['is killed', 'SIGKILL', ''],
    ['gets Ctrl-C', 'SIGINT', ''],
    ['is told to end', 'SIGTERM', ''],
    ['throws', undefined, 'throws'],
    ['exits without ending the bus', undefined, 'exits'],
  ] as const)('a harness that %s leaves no server and no folder behind', async ([, signal, ending]) => {
    const before = await leftovers(temporary);
    const harness = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./hold-bus.ts')), 'process', ending], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(harness, 'exit');
    const [url] = (await once(harness.stdout, 'data')) as [Buffer];
    if (signal !== undefined) harness.kill(signal);
    await ended;
    await expect.poll(() => leftovers(temporary), { timeout: 5_000, interval: 10 }).toEqual(before);
    await expect(connect({ servers: url.toString().trim(), reconnect: false })).rejects.toThrow(/refused/);
  });
});

/** Process id of the one server that runs now. */
async function serverId(): Promise<number> {
  const servers = (await leftovers(temporary)).filter((found) => found.includes('--config'));
  expect(servers).toHaveLength(1);
  return Number(servers[0]?.split(' ')[0]);
}
