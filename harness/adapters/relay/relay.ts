import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

import { Problem } from '../../model/errors.ts';
import type { HistoryBuilder, PartialRow } from '../../model/history.ts';
import { NONE } from '../../model/table.ts';
import { RelayedConnection } from './connection.ts';
import { Conversation } from './conversation.ts';
import type { WireFaults } from './faults.ts';
import type { Holds } from './holds.ts';

/** What a relay writes down, and what it does. */
export interface RelayTrial {
  readonly history: HistoryBuilder;
  /** Milliseconds since the trial's start. */
  readonly now: () => number;
  /** The planned message with this source and id; NONE. */
  readonly identify: (source: string, id: string) => number;
  readonly holds: Holds;
  readonly faults: WireFaults;
}

export interface RelayOptions {
  /** Servers of the bus, comma-separated: `nats://` or `tls://`. Connections take them in turn. */
  readonly url: string;
  readonly application: string;
  readonly instance: number;
  /** The trial that runs: a relay may outlive it. */
  readonly trial: () => RelayTrial;
}

interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
}

const listenHost = '127.0.0.1';
const standardPort = 4222;

/**
 * A TCP relay between one instance of an adapter and the bus: it is the adapter's `BUS_URL`. It passes bytes on unchanged, and
 * writes what it reads of the NATS protocol to the table `wire`. TLS is passed on unread.
 */
export class Relay implements AsyncDisposable {
  readonly #options: RelayOptions;
  readonly #targets: readonly Target[];
  readonly #server: Server;
  readonly #open = new Set<RelayedConnection>();
  #connections = 0;
  #refuseUntil = 0;
  #closed = false;

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#targets = options.url.split(',').map((server) => targetOf(server.trim()));
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    relay.#server.listen(0, listenHost);
    await once(relay.#server, 'listening');
    return relay;
  }

  /** What the adapter is given in place of the bus's own address. */
  get url(): string {
    const address = this.#server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    return `${this.#targets[0]?.scheme ?? 'nats'}://${listenHost}:${String(port)}`;
  }

  /** Ends every connection, and takes no new one for `refuseMs` milliseconds; `Infinity` until `resume`. False where none was open. */
  cut(by: 'end' | 'reset' = 'end', refuseMs = 0): boolean {
    const any = this.#open.size > 0;
    this.#refuse(refuseMs);
    for (const connection of this.#open) connection.cut(by);
    return any;
  }

  /** Takes connections again. */
  resume(): void {
    this.#refuseUntil = 0;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const connection of this.#open) connection.destroy();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #refuse(ms: number): void {
    if (ms > 0) this.#refuseUntil = this.#options.trial().now() + ms;
  }

  #accept(adapter: Socket): void {
    const { application, instance, trial } = this.#options;
    const now = (): number => trial().now();
    const number = this.#connections++;
    const target = this.#targets[number % this.#targets.length];
    const common = { application, instance, connection: number };
    const append = (row: PartialRow<'wire'>): ((change: PartialRow<'wire'>) => void) => {
      const { history } = trial();
      const at = history.append('wire', { ...common, ...row });
      return (change) => {
        history.amend('wire', at, change);
      };
    };
    const say = (row: PartialRow<'wire'>): void => {
      append({ at: now(), done: Number.NaN, message: NONE, sequence: NONE, ...row });
    };
    const isRefused = now() < this.#refuseUntil || trial().holds.refuses(application, instance);
    if (target === undefined || this.#closed || isRefused) {
      say({ what: 'refused' });
      adapter.on('error', () => undefined);
      adapter.resetAndDestroy();
      return;
    }
    say({ what: 'open' });
    const connection = new RelayedConnection({
      adapter,
      bus: target,
      conversation: new Conversation(
        { append, now, application, identify: (source, id) => trial().identify(source, id) },
        () => trial().faults,
      ),
      onCut: (why, refuseMs) => {
        say({ what: 'cut', reason: why });
        this.#refuse(refuseMs);
      },
      onClose: (reason) => {
        say({ what: 'close', reason });
      },
      onGone: () => this.#open.delete(connection),
    });
    this.#open.add(connection);
    const silence = trial().holds.silencing(application, instance);
    if (silence !== undefined) connection.hold(silence);
  }
}

function targetOf(server: string): Target {
  const found = /^(?:(nats|tls):\/\/)?(\[[^\]]+\]|[^:/@]+)(?::(\d{1,5}))?$/.exec(server);
  if (found === null) {
    throw new Problem('environment', `A relay cannot reach the bus at "${server}".`, {
      next: 'Give servers as nats://HOST:PORT or tls://HOST:PORT, separated by commas.',
    });
  }
  const [, scheme = 'nats', host = '', port] = found;
  return { scheme, host: host.replace(/^\[|\]$/g, ''), port: port === undefined ? standardPort : Number(port) };
}
