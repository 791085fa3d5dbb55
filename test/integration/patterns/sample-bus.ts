import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, headers as natsHeaders, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, inject } from 'vitest';

import { startAdapter, type AdapterOptions, type StartedAdapter } from '../../../harness/adapters/adapter.ts';
import type { Application } from '../../../harness/adapters/application.ts';
import { provision } from '../../../harness/bus/provision.ts';
import { startProcess } from '../../../harness/bus/runtime/process.ts';
import type { BusControl, Namespace, StartedBus } from '../../../harness/bus/runtime/runtime.ts';
import { admin, answerersAdmin } from '../../../harness/bus/security/spec.ts';
import { messageIdOf, type CloudEvent } from '../../../harness/model/event.ts';
import type { Service } from '../../../harness/model/flow.ts';
import { topologyOf } from '../../../harness/patterns/topology.ts';
import { sampleCheck } from '../../fixtures/events.ts';

export interface Seen {
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** A namespace with a service's topology, and the harness's own eyes and hands in it. */
export class SampleBus implements AsyncDisposable {
  readonly space: Namespace;
  readonly service: Service;
  readonly admin: NatsConnection;
  readonly answerers: NatsConnection;
  readonly jsm: JetStreamManager;
  /** Acknowledgements by verb and their text, as published. */
  readonly verbs: { readonly text: string; readonly at: number }[] = [];
  readonly log: string[] = [];
  readonly #adapters: StartedAdapter[] = [];
  #changed = Promise.withResolvers<void>();

  constructor(
    space: Namespace,
    service: Service,
    connections: readonly [NatsConnection, NatsConnection],
    jsm: JetStreamManager,
  ) {
    this.space = space;
    this.service = service;
    [this.admin, this.answerers] = connections;
    this.jsm = jsm;
    this.admin.subscribe('$JS.ACK.>', {
      callback: (_error, message) => {
        this.verbs.push({ text: message.string(), at: performance.now() });
        this.#changed.resolve();
        this.#changed = Promise.withResolvers<void>();
      },
    });
  }

  async adapter(application: string, behind: Application, more: Partial<AdapterOptions> = {}): Promise<StartedAdapter> {
    const adapter = await startAdapter({
      service: this.service,
      application,
      url: this.space.url,
      credentials: this.space.credentials(application) ?? '',
      inboxPrefix: this.space.inboxPrefix(application),
      behind,
      check: sampleCheck,
      wallClock: () => Date.now(),
      log: (line) => this.log.push(line),
      ...more,
    });
    this.#adapters.push(adapter);
    return adapter;
  }

  /** Puts an event on the bus past every adapter. */
  async inject(subject: string, event: CloudEvent, id = messageIdOf(event)): Promise<void> {
    const made = natsHeaders();
    for (const [name, value] of Object.entries({ ...event.headers, 'Nats-Msg-Id': id })) made.append(name, value);
    const answer = await this.admin.request(subject, event.body, { headers: made, timeout: 1000 });
    if (answer.json<{ error?: unknown }>().error !== undefined) throw new Error(answer.string());
  }

  async untilVerb(text: string, count = 1): Promise<void> {
    while (this.verbs.filter((verb) => verb.text === text).length < count) await this.#changed.promise;
  }

  /** All that a stream holds. */
  async stored(stream: string): Promise<readonly Seen[]> {
    const { state } = await this.jsm.streams.info(stream);
    const found: Seen[] = [];
    for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
      const message = await this.jsm.streams.getMessage(stream, { seq });
      if (message === null) continue;
      const headers = Object.fromEntries(message.header.keys().map((name) => [name, message.header.get(name)]));
      found.push({ subject: message.subject, headers, text: message.string() });
    }
    return found;
  }

  async notices(): Promise<readonly string[]> {
    return (await this.stored('NOTICES')).map(({ headers }) => `${headers['Reason'] ?? ''} ${headers['ce-id'] ?? ''}`);
  }

  async untilNotices(count: number): Promise<readonly string[]> {
    for (;;) {
      const notices = await this.notices();
      if (notices.length >= count) return notices;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#adapters.map((adapter) => adapter.stop()));
    await Promise.all([this.admin.close(), this.answerers.close()]);
    await this.space[Symbol.asyncDispose]();
  }
}

/** A server for the tests of one file; each test takes a namespace of its own. */
export function useSampleBus(): ((service: Service) => Promise<SampleBus>) & { readonly control: () => BusControl } {
  let bus: StartedBus;
  beforeAll(async () => {
    const binary = inject('serverBinary');
    bus = await startProcess(binary === undefined ? {} : { binary });
  });
  afterAll(async () => bus[Symbol.asyncDispose]());
  const open = async (service: Service): Promise<SampleBus> => {
    const topology = topologyOf(service);
    const space = await bus.namespace(topology);
    const connections = await Promise.all([
      connect(space.connectionOptions(admin)),
      connect(space.connectionOptions(answerersAdmin)),
    ]);
    await provision(connections[0], topology);
    return new SampleBus(space, service, connections, await jetstreamManager(connections[0], { checkAPI: false }));
  };
  const control = (): BusControl => {
    if (bus.control === undefined) throw new Error('a process bus can be controlled');
    return bus.control;
  };
  return Object.assign(open, { control });
}
