import { readFileSync } from 'node:fs';

import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import {
  connect,
  credsAuthenticator,
  errors,
  RequestError,
  TimeoutError,
  type Msg,
  type NatsConnection,
} from '@nats-io/transport-node';

import { fromNats, toNats, type Event, type Headers } from './event.ts';
import { log } from './log.ts';
import { Misconfigured, type Settings } from './settings.ts';

export const publishWaitMs = 2000;
export const publishRepeats = 3;
const reconnectWaitMs = 200;
/** A connection that does not answer two pings is made anew. */
const pingMs = 10_000;

export type NotStoredKind = 'not-connected' | 'no-responder' | 'refused' | 'unacknowledged';

/** A publish without an acknowledgement; one that is `unacknowledged` may be stored all the same. */
export class NotStored extends Error {
  readonly kind: NotStoredKind;
  /** JetStream's error code, where it refused; else 0. */
  readonly code: number;

  constructor(kind: NotStoredKind, code = 0) {
    super(kind);
    this.kind = kind;
    this.code = code;
  }
}

export interface Stored {
  readonly sequence: number;
  /** The stream knew the message id already. */
  readonly duplicate: boolean;
}

/** The connection to the bus, and what every pattern asks of it. */
export class Bus {
  readonly application: string;
  readonly inboxPrefix: string;
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly client: JetStreamClient;
  readonly #reconnected: (() => void)[] = [];
  readonly #work = new Set<Promise<void>>();
  #connected = true;

  private constructor(settings: Settings, connection: NatsConnection, manager: JetStreamManager) {
    this.application = settings.application;
    this.inboxPrefix = settings.inboxPrefix;
    this.connection = connection;
    this.manager = manager;
    this.client = jetstream(connection, { checkAPI: false, timeout: publishWaitMs });
    void this.#watch();
  }

  /** Resolves once connected, however long that takes (L1). Throws Misconfigured where the credentials cannot be read. */
  static async connect(settings: Settings): Promise<Bus> {
    const connection = await connect({
      servers: [...settings.busUrls],
      name: settings.application,
      inboxPrefix: settings.inboxPrefix,
      ...(settings.credentials !== undefined && { authenticator: credsAuthenticator(read(settings.credentials)) }),
      ...(settings.tls !== undefined && { tls: settings.tls }),
      ignoreClusterUpdates: true, // the given servers alone
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      ignoreAuthErrorAbort: true, // the library would close for good
      pingInterval: pingMs,
      noAsyncTraces: true,
    });
    return new Bus(settings, connection, await jetstreamManager(connection, { checkAPI: false }));
  }

  /** nats.js loses requests that are made while it reconnects: ask this first. */
  get connected(): boolean {
    return this.#connected && !this.connection.isClosed();
  }

  /** Called after each reconnection: what was asked of the bus before is void. */
  onReconnect(listener: () => void): void {
    this.#reconnected.push(listener);
  }

  async close(): Promise<void> {
    if (this.connected) await this.connection.flush();
    await this.connection.close();
  }

  /**
   * S3: publishes to a stream, and repeats the same where the acknowledgement is missing. `unheard` is called after each publish that may
   * be stored though nobody said so. Throws NotStored.
   */
  async store(
    subject: string,
    body: Uint8Array,
    headers: Headers,
    repeats = publishRepeats,
    unheard: () => void = () => undefined,
  ): Promise<Stored> {
    for (let repeat = 0; repeat <= repeats; repeat++) {
      if (!this.connected) throw new NotStored(repeat === 0 ? 'not-connected' : 'unacknowledged');
      const answer = await this.#publish(subject, body, headers, unheard);
      if (answer !== undefined) return acknowledgementIn(answer);
    }
    throw new NotStored('unacknowledged');
  }

  /** The answer to one publish; undefined where none came in time. */
  async #publish(subject: string, body: Uint8Array, headers: Headers, unheard: () => void): Promise<Msg | undefined> {
    try {
      return await this.connection.request(subject, body, { timeout: publishWaitMs, headers: toNats(headers) });
    } catch (error) {
      if (error instanceof errors.NoRespondersError) throw new NotStored('no-responder');
      if (error instanceof RequestError && error.isNoResponders()) throw new NotStored('no-responder');
      unheard();
      if (error instanceof TimeoutError) return undefined;
      // A connection that ends after the publish left may have stored it.
      throw new NotStored(this.connected ? 'refused' : 'unacknowledged');
    }
  }

  /** R12: a notice of an event, without its body. False where the bus did not take it. */
  async notify(event: Event, reason: string): Promise<boolean> {
    const attributes = Object.entries(event.headers).filter(([name]) => name.startsWith('ce-'));
    try {
      const headers = { ...Object.fromEntries(attributes), Reason: reason };
      await this.store(`notice.${this.application}`, new Uint8Array(), headers);
      return true;
    } catch (error) {
      if (!(error instanceof NotStored)) throw error;
      log(`notice ${reason} not stored: ${error.kind}`);
      return false;
    }
  }

  /** A message of a stream, by its sequence or the last of a subject; undefined where there is none. */
  async read(
    stream: string,
    query: { readonly seq: number } | { readonly last_by_subj: string },
  ): Promise<{ readonly sequence: number; readonly event: Event } | undefined> {
    const found = await this.manager.streams.getMessage(stream, query);
    return found === null ? undefined : { sequence: found.seq, event: fromNats(found.header, found.data) };
  }

  /** Work of its own, which nobody waits for until `finish`. */
  spawn(what: string, work: Promise<unknown>): void {
    const done = work.then(
      () => undefined,
      (error: unknown) => log(what, error),
    );
    this.#work.add(done);
    void done.finally(() => this.#work.delete(done));
  }

  async finish(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  async #watch(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      else if (status.type === 'error') log('bus', status.error);
      else if (status.type === 'reconnect') {
        this.#connected = true;
        for (const listener of this.#reconnected) listener();
      }
    }
  }
}

function acknowledgementIn(answer: Msg): Stored {
  const { seq, duplicate, error } = answer.json<{
    readonly seq?: number;
    readonly duplicate?: boolean;
    readonly error?: { readonly err_code?: number };
  }>();
  // A refusal may have a sequence too, 0.
  if (error !== undefined || seq === undefined) throw new NotStored('refused', error?.err_code ?? 0);
  return { sequence: seq, duplicate: duplicate === true };
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Misconfigured(`BUS_CREDENTIALS: ${path} cannot be read`, { cause: error });
  }
}
