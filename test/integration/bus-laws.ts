import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  headers,
  PermissionViolationError,
  RequestError,
  type Msg,
  type NatsConnection,
  type Subscription,
} from '@nats-io/transport-node';
import { readFile, stat } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';

import type { Namespace, StartedBus } from '../../harness/bus/runtime/runtime.ts';
import { admin, answerersAdmin, type NamespaceSpec } from '../../harness/bus/security/spec.ts';

/** What every runtime of the reference bus is held to. */
export interface BusUnderLaw {
  readonly start: () => Promise<StartedBus>;
  /** Why there is no such bus here; undefined where there is. */
  readonly absent?: string | undefined;
  /** Processes, containers and folders that the bus owns and that are there now. */
  readonly leftovers: () => Promise<readonly string[]>;
}

export const spec: NamespaceSpec = {
  users: [
    {
      name: 'provider',
      account: 'main',
      publish: ['orders.*', 'check.request', '$JS.API.STREAM.INFO.ORDERS'],
      subscribe: [],
    },
    {
      name: 'consumer',
      account: 'main',
      publish: ['$JS.API.CONSUMER.MSG.NEXT.ORDERS.worker', '$JS.ACK.ORDERS.worker.>'],
      subscribe: ['orders.public', 'orders.shared workers'],
    },
    {
      name: 'gateway',
      account: 'answerers',
      publish: [],
      subscribe: ['check.request gateway'],
      response: { max: 1, expiresMs: 5_000 },
    },
  ],
  requestSubjects: [{ subject: 'check.request', latencySubject: 'latency.check' }],
};

/** Laws of all three runtimes; to be called in a suite. */
export function busLaws({ start, absent, leftovers }: BusUnderLaw): void {
  const fixture = useBus(start, absent);

  test('a user connects with what the namespace gives, and with its credentials file alike', async (context) => {
    await using space = await fixture.namespace(context);
    await using one = await as(space, 'provider');
    const file = await space.credentialsFile('provider');
    const authenticator = file === undefined ? {} : { authenticator: credsAuthenticator(await readFile(file)) };
    await using two = disposable(await connect({ servers: space.url, reconnect: false, ...authenticator }));
    await Promise.all([one.connection.flush(), two.connection.flush()]);
    expect(one.connection.info?.version).toBe(fixture.bus(context).serverVersion);
  });

  test('the credentials file of a user is not written again: another instance may be reading it', async (context) => {
    await using space = await fixture.namespace(context);
    const file = await space.credentialsFile('provider');
    if (file === undefined) return;
    const { mtimeNs } = await stat(file, { bigint: true });
    expect(await space.credentialsFile('provider')).toBe(file);
    expect((await stat(file, { bigint: true })).mtimeNs).toBe(mtimeNs);
  });

  test('a publish is acknowledged once it is stored', async (context) => {
    await using space = await fixture.namespace(context);
    await using owner = await as(space, admin);
    await makeOrders(owner.connection);
    await using provider = await as(space, 'provider');
    const acknowledgement = await jetstream(provider.connection).publish('orders.public', 'one');
    expect(acknowledgement).toMatchObject({ stream: 'ORDERS', seq: 1, duplicate: false });
  });

  test('a request that nobody answers is refused within 100 ms', async (context) => {
    await using space = await fixture.namespace(context);
    await using asker = await as(space, 'provider');
    await asker.connection.flush();
    const begin = performance.now();
    await expect(asker.connection.request('check.request', 'x', { timeout: 2_000 })).rejects.toSatisfy(
      (error: unknown) => error instanceof RequestError && error.isNoResponders(),
    );
    expect(performance.now() - begin).toBeLessThan(100);
  });

  test('a request is answered by the one who listens in its queue', async (context) => {
    await using space = await fixture.namespace(context);
    await using answerer = await as(space, 'gateway');
    answerer.connection.subscribe('check.request', {
      queue: 'gateway',
      callback: (_error, message) => void message.respond(`${message.string()} answered`),
    });
    await answerer.connection.flush();
    await using asker = await as(space, 'provider');
    expect((await asker.connection.request('check.request', 'x')).string()).toBe('x answered');
  });

  test('the reason of a termination reaches the advisory', async (context) => {
    await using space = await fixture.namespace(context);
    await using owner = await as(space, admin);
    await makeOrders(owner.connection);
    const advisories = owner.connection.subscribe('$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.ORDERS.worker');
    await owner.connection.request('orders.public', 'one');
    await using worker = await as(space, 'consumer');
    const inbox = worker.connection.subscribe(`${space.inboxPrefix('consumer')}.pull`);
    worker.connection.publish('$JS.API.CONSUMER.MSG.NEXT.ORDERS.worker', '{"batch":1,"expires":2000000000}', {
      reply: `${space.inboxPrefix('consumer')}.pull`,
    });
    worker.connection.publish((await first(inbox)).reply ?? '', '+TERM rejected by law');
    expect((await first(advisories)).json()).toMatchObject({ stream_seq: 1, reason: 'rejected by law' });
  });

  test('a namespace begins without the streams of the one before', async (context) => {
    for (const run of ['first', 'second']) {
      await using space = await fixture.namespace(context);
      await using owner = await as(space, admin);
      const manager = await jetstreamManager(owner.connection);
      expect(await manager.streams.names().next()).toEqual([]);
      await makeOrders(owner.connection);
      await owner.connection.request('orders.public', run);
    }
  });

  test('an ended bus leaves nothing behind', async (context) => {
    context.skip(absent !== undefined, absent);
    const before = await leftovers();
    const bus = await start();
    const space = await bus.namespace(spec);
    const file = await space.credentialsFile('provider');
    if (file !== undefined && bus.runtime !== 'external') expect((await stat(file)).mode & 0o077).toBe(0);
    await space[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    expect(await leftovers()).toEqual(before);
    expect(bus.failure.aborted).toBe(false);
  });
}

/** Laws of the runtimes whose server is ours: accounts, permissions, control; to be called in a suite. */
export function ownServerLaws({ start, absent }: BusUnderLaw): void {
  const fixture = useBus(start, absent);

  test.for([
    ['provider', 'invoices.1'],
    ['provider', '$JS.API.STREAM.DELETE.ORDERS'],
    ['provider', '_INBOX_consumer.x'],
    ['gateway', 'anything'],
  ] as const)('%s may not publish on %s', async ([user, subject], context) => {
    await using space = await fixture.namespace(context);
    await using client = await as(space, user);
    client.connection.publish(subject, 'x');
    expect(await violation(client.connection)).toMatchObject({ operation: 'publish', subject });
  });

  test.for([
    ['provider', '_INBOX_consumer.>'],
    ['provider', 'orders.public'],
    ['provider', '>'],
    ['gateway', '_INBOX_gateway2.>'],
  ] as const)('%s may not receive on %s', async ([user, subject], context) => {
    await using space = await fixture.namespace(context);
    await using client = await as(space, user);
    client.connection.subscribe(subject, { callback: () => undefined });
    expect(await violation(client.connection)).toMatchObject({ operation: 'subscription', subject });
  });

  test('a queue permission holds for that queue alone', async (context) => {
    await using space = await fixture.namespace(context);
    await using consumer = await as(space, 'consumer');
    consumer.connection.subscribe('orders.shared', { queue: 'workers', callback: () => undefined });
    await consumer.connection.flush();
    consumer.connection.subscribe('orders.shared', { queue: 'others', callback: () => undefined });
    expect(await violation(consumer.connection)).toMatchObject({ subject: 'orders.shared', queue: 'others' });
  });

  test('an answerer may answer a request once, and say nothing else', async (context) => {
    await using space = await fixture.namespace(context);
    await using answerer = await as(space, 'gateway');
    const requests = answerer.connection.subscribe('check.request', { queue: 'gateway' });
    await answerer.connection.flush();
    await using asker = await as(space, 'provider');
    const replies = asker.connection.subscribe('_INBOX_provider.reply');
    asker.connection.publish('check.request', 'x', { reply: '_INBOX_provider.reply' });
    const request = await first(requests);
    request.respond('once');
    request.respond('twice');
    expect(await violation(answerer.connection)).toMatchObject({ operation: 'publish', subject: request.reply });
    expect((await first(replies)).string()).toBe('once');
  });

  test('two namespaces with the same names do not see one another', async (context) => {
    await using one = await fixture.namespace(context);
    await using two = await fixture.namespace(context);
    await using ownerOfOne = await as(one, admin);
    await using ownerOfTwo = await as(two, admin);
    await makeOrders(ownerOfOne.connection);
    await makeOrders(ownerOfTwo.connection);
    await ownerOfOne.connection.request('orders.public', 'only in one');
    const count = async (connection: NatsConnection): Promise<number> =>
      (await (await jetstreamManager(connection)).streams.info('ORDERS')).state.messages;
    expect([await count(ownerOfOne.connection), await count(ownerOfTwo.connection)]).toEqual([1, 0]);
  });

  test('when a namespace ends its users are sent away and their credentials are worth nothing', async (context) => {
    const space = await fixture.namespace(context);
    const client = await as(space, 'provider');
    const options = space.connectionOptions('provider');
    await space[Symbol.asyncDispose]();
    await client.connection.closed();
    await expect(connect({ ...options, reconnect: false })).rejects.toThrow(/Authorization/);
  });

  test('a sampled request is reported to the main account, in a stream too, and without its content', async (context) => {
    await using space = await fixture.namespace(context);
    await using owner = await as(space, admin);
    const manager = await jetstreamManager(owner.connection);
    await manager.streams.add({ name: 'LATENCY', subjects: ['latency.>'] });
    const reports = owner.connection.subscribe('latency.check');
    await owner.connection.flush();
    await using answerer = await as(space, 'gateway');
    answerer.connection.subscribe('check.request', {
      queue: 'gateway',
      callback: (_error, message) => void message.respond('yes'),
    });
    await answerer.connection.flush();
    await using asker = await as(space, 'provider');
    await asker.connection.request('check.request', 'unsampled secret');
    const sampled = headers();
    sampled.set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    await asker.connection.request('check.request', 'sampled secret', { headers: sampled, timeout: 2_000 });
    const report = await first(reports);
    expect(report.json()).toMatchObject({ status: 200 });
    expect(report.string()).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(report.string()).not.toContain('secret');
    await expect
      .poll(async () => (await manager.streams.getMessage('LATENCY', { last_by_subj: 'latency.check' }))?.json())
      .toEqual(report.json());
    expect((await manager.streams.info('LATENCY')).state.messages).toBe(1);
  });

  test('each account has an admin that may do everything', async (context) => {
    await using space = await fixture.namespace(context);
    for (const user of [admin, answerersAdmin]) {
      await using owner = await as(space, user);
      const heard = owner.connection.subscribe('any.>');
      owner.connection.publish('any.thing', user);
      expect((await first(heard)).string()).toBe(user);
      await makeOrders(owner.connection);
    }
  });

  test('a killed and started bus has its address, accounts and stored messages', async (context) => {
    const { control } = fixture.bus(context);
    await using space = await fixture.namespace(context);
    await using owner = await as(space, admin);
    await makeOrders(owner.connection);
    await owner.connection.request('orders.public', 'kept');
    await control?.kill();
    await expect(connect({ ...space.connectionOptions(admin), reconnect: false, timeout: 1_000 })).rejects.toThrow(
      /refused|timeout|closed/i,
    );
    await control?.start();
    await using again = await as(space, admin);
    const manager = await jetstreamManager(again.connection);
    expect((await manager.streams.info('ORDERS')).state.messages).toBe(1);
    await using later = await fixture.namespace(context);
    await using provider = await as(later, 'provider');
    await provider.connection.flush();
    expect(fixture.bus(context).failure.aborted).toBe(false);
  });

  test('a paused bus keeps connections and says nothing until it is resumed', async (context) => {
    const { control } = fixture.bus(context);
    await using space = await fixture.namespace(context);
    await using client = await as(space, 'provider');
    await client.connection.flush();
    await control?.pause();
    let answered = false;
    const answer = client.connection.flush().then(() => (answered = true));
    // longer than any answer of a server that runs takes
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answeredWhilePaused = answered;
    await control?.resume();
    await answer;
    expect(answeredWhilePaused).toBe(false);
    expect(client.connection.isClosed()).toBe(false);
  });

  test('a user that is not in the specification is an error that names those that are', async (context) => {
    await using space = await fixture.namespace(context);
    expect(() => space.credentials('nobody')).toThrow(/no user "nobody", only admin, answerers-admin, provider/);
  });
}

interface Fixture {
  bus(context: TestContext): StartedBus;
  namespace(context: TestContext): Promise<Namespace>;
}

/** One bus for all tests of a suite; each has namespaces of its own. */
function useBus(start: () => Promise<StartedBus>, absent: string | undefined): Fixture {
  let started: StartedBus | undefined;
  beforeAll(async () => {
    if (absent === undefined) started = await start();
  });
  afterAll(async () => {
    await started?.[Symbol.asyncDispose]();
  });
  const bus = (context: TestContext): StartedBus => {
    context.skip(absent !== undefined, absent);
    if (started === undefined) throw new Error('the bus was not started');
    return started;
  };
  return { bus, namespace: (context) => bus(context).namespace(spec) };
}

type Client = AsyncDisposable & { readonly connection: NatsConnection };

async function as(space: Namespace, user: string): Promise<Client> {
  return disposable(await connect({ ...space.connectionOptions(user), reconnect: false }));
}

function disposable(connection: NatsConnection): Client {
  return { connection, [Symbol.asyncDispose]: () => connection.close() };
}

async function makeOrders(connection: NatsConnection): Promise<void> {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'ORDERS', subjects: ['orders.*'] });
  await manager.consumers.add('ORDERS', { durable_name: 'worker', ack_policy: AckPolicy.Explicit });
}

async function first(subscription: Subscription): Promise<Msg> {
  for await (const message of subscription) return message;
  throw new Error(`the subscription on ${subscription.getSubject()} ended without a message`);
}

/** The next refusal that the server reports on this connection. */
async function violation(connection: NatsConnection): Promise<PermissionViolationError> {
  for await (const status of connection.status()) {
    if (status.type === 'error' && status.error instanceof PermissionViolationError) return status.error;
  }
  throw new Error('the connection closed without a permissions violation');
}
