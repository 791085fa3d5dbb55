import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { findServer } from '../../../harness/bus/runtime/binary/find.ts';
import { startExternal } from '../../../harness/bus/runtime/external.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import type { Namespace, StartedBus } from '../../../harness/bus/runtime/runtime.ts';
import { ServerProcess } from '../../../harness/bus/runtime/server.ts';
import { Watchdog } from '../../../harness/bus/runtime/watchdog.ts';
import { admin } from '../../../harness/bus/security/spec.ts';
import { busLaws, spec, type BusUnderLaw } from '../bus-laws.ts';
import { leftovers, ownTemporaryFolder } from './leftovers.ts';

const temporary = await ownTemporaryFolder();
const host = await startProcess();
afterAll(() => host[Symbol.asyncDispose]());

/** Somebody's account with JetStream on a server that we do not control, and a file of credentials for it. */
let theirs: Namespace;
let credentialsFile: string;
beforeAll(async () => {
  theirs = await host.namespace({ users: [], requestSubjects: [] });
  credentialsFile = (await theirs.credentialsFile(admin)) ?? '';
});

const start = (): Promise<StartedBus> => startExternal({ url: host.url, credentialsFile });
const underLaw: BusUnderLaw = { start, leftovers: () => leftovers(temporary) };
describe('the external runtime, like any', () => {
  busLaws(underLaw);
});

describe('the external runtime', () => {
  test('has one namespace at a time', async () => {
    await using bus = await start();
    await using _space = await bus.namespace(spec);
    await expect(bus.namespace(spec)).rejects.toThrow(/in use by another namespace/);
  });

  test('refuses an account that holds streams, names them, and leaves them alone', async () => {
    await using bus = await start();
    const owner = await connect(theirs.connectionOptions(admin));
    const manager = await jetstreamManager(owner);
    await manager.streams.add({ name: 'THEIRS', subjects: ['theirs'] });
    await expect(bus.namespace(spec)).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(/holds streams already: THEIRS/) as unknown,
    });
    expect((await manager.streams.info('THEIRS')).config.name).toBe('THEIRS');
    await manager.streams.delete('THEIRS');
    await owner.close();
  });

  test('says that it has no control of the server', async () => {
    await using bus = await start();
    expect([bus.control, bus.monitorUrl]).toEqual([undefined, undefined]);
  });

  test('refused credentials are an error of the environment that names the file', async () => {
    await using other = await startProcess();
    await expect(startExternal({ url: other.url, credentialsFile })).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(/refused the credentials/) as unknown,
      place: { file: credentialsFile },
    });
  });

  test('an address where nothing answers is an error of the environment', async () => {
    const gone = await startProcess();
    await gone[Symbol.asyncDispose]();
    await expect(startExternal({ url: gone.url })).rejects.toMatchObject({
      kind: 'environment',
      message: expect.stringMatching(/cannot be reached/) as unknown,
    });
  });

  test('a file of credentials that is not there is an error that names it', async () => {
    await expect(startExternal({ url: host.url, credentialsFile: '/nowhere.creds' })).rejects.toMatchObject({
      place: { file: '/nowhere.creds' },
    });
  });

  test('an open bus without JetStream is refused, with the reason', async () => {
    await using server = await openServer('');
    await expect(startExternal({ url: server.url })).rejects.toThrow(/may not use JetStream/);
  });

  test('an open bus needs no credentials', async () => {
    await using server = await openServer('jetstream { store_dir: FOLDER }');
    await using bus = await startExternal({ url: server.url });
    await using space = await bus.namespace(spec);
    expect(space.credentials(admin)).toBeUndefined();
    expect(await space.credentialsFile(admin)).toBeUndefined();
    const client = await connect(space.connectionOptions('provider'));
    await client.flush();
    await client.close();
  });
});

/** A nats-server without accounts of ours. */
async function openServer(settings: string): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = await mkdtemp(join(temporary, 'open-'));
  const config = join(folder, 'server.conf');
  const files = { binary: (await findServer()).path, config, folder, log: join(folder, 'server.log') };
  const ports = 'listen: "127.0.0.1:-1"\nhttp: "127.0.0.1:-1"\n';
  await writeFile(config, `${ports}ports_file_dir: "${folder}"\n${settings.replace('FOLDER', `"${folder}"`)}\n`);
  const watchdog = new Watchdog();
  const { server, listening } = await ServerProcess.start(files, watchdog);
  return {
    url: listening.url,
    [Symbol.asyncDispose]: async () => {
      await server.kill();
      await watchdog.dismiss();
    },
  };
}
