import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { Flow } from '../model/flow.ts';
import { wildcardOf } from '../model/subject.ts';
import type { Changes } from './changes.ts';

/**
 * The harness in the place of an answering application and its adapter, for replies that no adapter would send: late
 * ones, and ones to another request. It takes requests and keeps their reply subjects; it answers only when told to.
 */
export class Answerer implements Disposable {
  readonly connection: NatsConnection;
  readonly #requests = new Map<string, Msg>();
  readonly #subscription;
  readonly #changes: Changes;

  constructor(connection: NatsConnection, flow: Flow, changes: Changes) {
    this.connection = connection;
    this.#changes = changes;
    this.#subscription = connection.subscribe(wildcardOf(flow), {
      callback: (error, message) => {
        if (error !== null) return;
        this.#requests.set(message.headers?.get('ce-id') ?? '', message);
        changes.changed();
      },
    });
  }

  /** The request with this id, once it is there; undefined when the time limit came first, or it is over with it. */
  async request(id: string, over: () => boolean, limitMs: number, signal: AbortSignal): Promise<Msg | undefined> {
    await this.#changes.until(() => this.#requests.has(id) || over(), limitMs, signal);
    return this.#requests.get(id);
  }

  [Symbol.dispose](): void {
    this.#subscription.unsubscribe();
  }
}
