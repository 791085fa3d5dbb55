import { jetstream } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start, type Started } from './busworthy.ts';

interface BusUp {
  readonly service: string;
  readonly url: string;
  readonly users: readonly {
    readonly application: string;
    readonly inboxPrefix: string;
    readonly credentials: string;
  }[];
}

let started: Started;
let bus: BusUp;
beforeAll(async () => {
  started = start(['bus', 'up', 'incident-lifecycle', '--json']);
  bus = JSON.parse((await started.until(/^\{\n[^]*\n\}\n/))[0]) as BusUp;
});
afterAll(() => started[Symbol.asyncDispose]());

/** A client as a supplier makes it, from what the command printed and nothing else. */
async function client(application: string): Promise<NatsConnection> {
  const user = bus.users.find((candidate) => candidate.application === application);
  const creds = await readFile(user?.credentials ?? '');
  return connect({ servers: bus.url, authenticator: credsAuthenticator(creds), inboxPrefix: user?.inboxPrefix ?? '' });
}

const subject = 'incident-lifecycle.incidents.1/01JAN26';

describe('bus up', () => {
  it('prints its address, and for every application its credentials, which this user alone may read', async () => {
    expect(bus).toMatchObject({
      service: 'incident-lifecycle',
      url: expect.stringMatching(/^nats:\/\/127\.0\.0\.1:\d+$/) as unknown,
    });
    expect(bus.users.map(({ application }) => application)).toEqual(
      expect.arrayContaining(['command-and-control', 'mobile', 'crime-recording', 'analytics', 'partner-gateway']),
    );
    for (const { credentials } of bus.users) expect(((await stat(credentials)).mode & 0o077).toString(8)).toBe('0');
  });

  it('lets the provider publish what it provides, and the consumer take it from its consumer', async () => {
    const [provider, consumer] = await Promise.all([client('command-and-control'), client('analytics')]);
    const { stream, duplicate } = await jetstream(provider).publish(subject, 'hello', { msgID: 'one' });
    expect({ stream, duplicate }).toEqual({ stream: 'INCIDENTS', duplicate: false });
    // One partition of the four has the key.
    const taken = await Promise.all(
      [0, 1, 2, 3].map(async (partition) => {
        const durable = await jetstream(consumer).consumers.get('INCIDENTS', `analytics-${String(partition)}`);
        const message = await durable.next({ expires: 1_000 });
        message?.ack();
        return message?.string();
      }),
    );
    expect(taken.filter((text) => text !== undefined)).toEqual(['hello']);
    await Promise.all([provider.close(), consumer.close()]);
  });

  it('denies a consumer to publish what it only receives', async () => {
    const consumer = await client('analytics');
    await expect(jetstream(consumer).publish(subject, 'hello', { timeout: 500 })).rejects.toThrow(/permission/i);
    await consumer.close();
  });

  it('lets nobody in without credentials', async () => {
    await expect(connect({ servers: bus.url, reconnect: false })).rejects.toThrow(/authorization|authentication/i);
  });

  it('goes with all that it made, and with 0', async () => {
    started.send('SIGINT');
    expect((await started.ended).code).toBe(0);
    await expect(stat(bus.users[0]?.credentials ?? '')).rejects.toThrow(/ENOENT/);
    await expect(connect({ servers: bus.url, reconnect: false, timeout: 2_000 })).rejects.toThrow(/refused/);
  });
});

it('bus up tells a person the environment of each adapter', async () => {
  await using up = start(['bus', 'up', 'unit-state']);
  const { input } = await up.until(/Ctrl-C ends it\.\n/);
  expect(input).toMatch(/^\S.* on nats:\/\/127\.0\.0\.1:\d+ \(nats-server \d+\.\d+\.\d+, process\)\n/);
  expect(input).toMatch(
    /\nmap\n {2}BUS_URL=nats:\/\/127\.0\.0\.1:\d+\n {2}BUS_CREDENTIALS=\/\S+\.creds\n {2}INBOX_PREFIX=\S+\n/,
  );
});
