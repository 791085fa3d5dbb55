import { connect, type NatsConnection, type TlsOptions } from '@nats-io/transport-node';

import { authenticatorOf } from './credentials.ts';

/** How an adapter reaches the bus. */
export interface BusAccess {
  /** `nats://` or `tls://` servers, comma-separated. */
  readonly url: string;
  /** The text of a `.creds` file; absent on an open bus. */
  readonly credentials?: string;
  readonly inboxPrefix: string;
  /** With `tls://` only. */
  readonly tls?: TlsOptions;
}

const reconnectWaitMs = 200;

/** A connection that is made, and made again, for ever; it can be cut as `kill -9` would. */
export class Link {
  readonly connection: NatsConnection;
  readonly killed: AbortSignal;
  readonly #killing = new AbortController();
  readonly #reconnected: (() => void)[] = [];
  #connected = true;

  private constructor(connection: NatsConnection, log: (line: string) => void) {
    this.connection = connection;
    this.killed = this.#killing.signal;
    void this.#watch(log);
  }

  static async open(access: BusAccess, name: string, log: (line: string) => void): Promise<Link> {
    const authenticator = access.credentials === undefined ? undefined : authenticatorOf(access.credentials);
    const connection = await connect({
      servers: access.url.split(',').map((server) => server.trim()),
      name,
      inboxPrefix: access.inboxPrefix,
      noAsyncTraces: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      waitOnFirstConnect: true,
      // The addresses given are those to use: a relay or a proxy would be gone round otherwise.
      ignoreClusterUpdates: true,
      ignoreAuthErrorAbort: true,
      ...(authenticator !== undefined && { authenticator }),
      ...(access.tls !== undefined && { tls: access.tls }),
    });
    return new Link(connection, log);
  }

  get connected(): boolean {
    return this.#connected && !this.connection.isClosed();
  }

  onReconnect(listener: () => void): void {
    this.#reconnected.push(listener);
  }

  /** Nothing more leaves, not even what was buffered: the socket goes first. */
  async cut(): Promise<void> {
    this.#connected = false;
    (this.connection as unknown as { protocol: { transport: { discard(): void } } }).protocol.transport.discard();
    this.#killing.abort();
    await this.connection.close();
  }

  async close(): Promise<void> {
    if (this.connection.isClosed()) return;
    if (this.#connected) await this.connection.flush().catch(() => undefined);
    this.#connected = false;
    await this.connection.close();
  }

  async #watch(log: (line: string) => void): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      else if (status.type === 'error') log(`bus: ${status.error.name}`);
      else if (status.type === 'reconnect') {
        this.#connected = true;
        for (const listener of this.#reconnected) listener();
      }
    }
  }
}
