import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

import { startContainer } from '../../../harness/bus/runtime/container.ts';
import { containerEngine } from '../../../harness/bus/runtime/container/engine.ts';
import { busLaws, ownServerLaws, type BusUnderLaw } from '../bus-laws.ts';
import { leftovers, ownTemporaryFolder } from './leftovers.ts';

const temporary = await ownTemporaryFolder();
const absent = await containerEngine().then(
  () => undefined,
  (reason: unknown) => String(reason),
);
const underLaw: BusUnderLaw = {
  start: () => startContainer(),
  absent,
  leftovers: async () => [...(await leftovers(temporary)), ...(await containers(process.pid))],
};

describe('the container runtime, like any', () => {
  busLaws(underLaw);
});
describe('the container runtime, being our own', () => {
  ownServerLaws(underLaw);
});

describe('the container runtime', () => {
  test('publishes its ports on one address only', async (context) => {
    context.skip(absent !== undefined, absent);
    await using bus = await startContainer();
    const published = await portsOf(process.pid);
    expect(published).toHaveLength(2);
    expect(new Set(published)).toEqual(new Set([new URL(bus.url).hostname]));
  });

  test('a chosen port that is in use is an error of the environment, and leaves nothing behind', async (context) => {
    context.skip(absent !== undefined, absent);
    const other = createServer().listen(0, '0.0.0.0');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await expect(startContainer({ port })).rejects.toMatchObject({
      kind: 'environment',
      message: `The reference bus cannot listen on port ${String(port)}: it is in use.`,
    });
    other.close();
    expect(await underLaw.leftovers()).toEqual([]);
  });

  test('a container that ends by itself is an error of the environment with the end of its log', async (context) => {
    context.skip(absent !== undefined, absent);
    await using bus = await startContainer();
    const [id = ''] = await containers(process.pid);
    const client = await containerEngine();
    await client.container.getById(id).stop({ t: 5 });
    if (!bus.failure.aborted) await once(bus.failure, 'abort');
    expect(bus.failure.reason).toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(/ended by itself[^]*Server Exiting/) as unknown,
    });
  });

  test('a harness that is killed leaves no container that outlives the next start', async (context) => {
    context.skip(absent !== undefined, absent);
    const harness = spawn(process.execPath, [fileURLToPath(import.meta.resolve('./hold-bus.ts')), 'container'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(harness.stdout, 'data');
    expect(await containers(harness.pid)).toHaveLength(1);
    harness.kill('SIGKILL');
    await once(harness, 'exit');
    await using _next = await startContainer();
    await expect.poll(() => containers(harness.pid), { timeout: 5_000 }).toEqual([]);
  });
});

/** Ids of the containers, ended ones too, that the process owns. */
async function containers(owner: number | undefined): Promise<readonly string[]> {
  return (await owned(owner)).map(({ Id }) => Id);
}

async function portsOf(owner: number): Promise<readonly string[]> {
  return (await owned(owner)).flatMap(({ Ports }) => Ports.map(({ IP }) => IP ?? ''));
}

async function owned(owner: number | undefined) {
  const { dockerode } = (await containerEngine()).container;
  const all = await dockerode.listContainers({ all: true, filters: { label: ['busworthy.owner'] } });
  return all.filter(({ Labels }) => Labels['busworthy.owner']?.endsWith(` ${String(owner)}`));
}
