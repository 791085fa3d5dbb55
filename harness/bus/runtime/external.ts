import { jetstreamManager } from '@nats-io/jetstream';
import {
  AuthorizationError,
  connect,
  credsAuthenticator,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node';
import { readFile } from 'node:fs/promises';

import { Problem } from '../../model/errors.ts';
import type { NamespaceSpec } from '../security/spec.ts';
import type { Namespace, StartedBus, TlsFiles } from './runtime.ts';
import { formatVersion, isSupported, oldestVersion, parseVersion } from './version.ts';

export interface ExternalOptions {
  /** `nats://` or `tls://` servers, comma-separated */
  readonly url: string;
  /** path of a `.creds` file; absent on an open bus */
  readonly credentialsFile?: string;
  readonly tls?: TlsFiles;
  /** Inboxes that the credentials may receive on; default `_INBOX`. Each user has a branch of it. */
  readonly inboxPrefix?: string;
}

/**
 * Connects to somebody else's bus: one account, which has JetStream, is used by nobody else and holds no stream. Everybody
 * in a namespace there has the same credentials, so that permissions are not tested; nor is what needs control of the server.
 */
export async function startExternal(options: ExternalOptions): Promise<StartedBus> {
  const { credentialsFile: file, tls = {} } = options;
  const credentials = file === undefined ? undefined : await readCredentials(file);
  for (const pem of [tls.caFile, tls.certFile, tls.keyFile]) {
    if (pem !== undefined) await readFile(pem).catch(unreadable('PEM file', pem));
  }
  const connection = await open(options, credentials);
  try {
    await requireFit(connection, options.url);
  } catch (error) {
    await connection.close();
    throw error;
  }
  return new ExternalBus(options, credentials, connection);
}

const connectTimeoutMs = 5_000;
const reconnectWaitMs = 250;
/** 30 s */
const maxReconnectAttempts = 120;

class ExternalBus implements StartedBus {
  readonly runtime = 'external';
  readonly url: string;
  readonly serverVersion: string;
  readonly #options: ExternalOptions;
  readonly #credentials: string | undefined;
  readonly #connection: NatsConnection;
  readonly #failure = new AbortController();
  #current: Namespace | undefined;
  #ending = false;

  constructor(options: ExternalOptions, credentials: string | undefined, connection: NatsConnection) {
    this.url = options.url;
    this.serverVersion = connection.info?.version ?? '';
    this.#options = options;
    this.#credentials = credentials;
    this.#connection = connection;
    void connection.closed().then((error) => {
      if (this.#ending) return;
      const why = error instanceof Error ? `: ${error.message}` : '';
      this.#failure.abort(
        new Problem('environment', `The connection to ${this.url} was lost${why}`, {
          next: 'Check that the bus runs and can be reached, and run again.',
        }),
      );
    });
  }

  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  logTail(): Promise<string> {
    return Promise.resolve('');
  }

  async namespace(_spec: NamespaceSpec): Promise<Namespace> {
    this.failure.throwIfAborted();
    if (this.#current !== undefined) {
      throw new Problem('harness', 'An external bus has one account, and it is in use by another namespace.', {
        next: 'End that namespace first: on an external bus, runs go one after another.',
      });
    }
    const held = await streamNames(this.#connection);
    if (held.length > 0) {
      throw new Problem('environment', `The account on ${this.url} holds streams already: ${held.join(', ')}.`, {
        next: 'Give an account for this alone; if these are the rest of an earlier run, delete them (nats stream rm NAME).',
      });
    }
    const options = connectionOptions(this.#options, this.#credentials);
    const prefix = (user: string): string => `${this.#options.inboxPrefix ?? '_INBOX'}.${user}`;
    const { tls } = this.#options;
    const namespace: Namespace = {
      url: this.url,
      ...(tls && { tls }),
      connectionOptions: (user) => ({ ...options, name: user, inboxPrefix: prefix(user) }),
      credentials: () => this.#credentials,
      credentialsFile: () => Promise.resolve(this.#options.credentialsFile),
      inboxPrefix: prefix,
      [Symbol.asyncDispose]: () => this.#clear(namespace),
    };
    this.#current = namespace;
    return namespace;
  }

  /** The account held no stream before, so all that it holds was made by the namespace. Ends once, like any disposal. */
  async #clear(namespace: Namespace): Promise<void> {
    if (this.#current !== namespace) return;
    if (!this.#connection.isClosed()) {
      const manager = await jetstreamManager(this.#connection);
      for (const name of await streamNames(this.#connection)) await manager.streams.delete(name);
    }
    this.#current = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending = true;
    await this.#current?.[Symbol.asyncDispose]();
    await this.#connection.close();
  }
}

function connectionOptions(options: ExternalOptions, credentials: string | undefined): ConnectionOptions {
  const { tls } = options;
  return {
    servers: options.url.split(',').map((server) => server.trim()),
    noAsyncTraces: true,
    ...(credentials !== undefined && { authenticator: credsAuthenticator(new TextEncoder().encode(credentials)) }),
    ...(tls && { tls }),
  };
}

async function open(options: ExternalOptions, credentials: string | undefined): Promise<NatsConnection> {
  const wanted: ConnectionOptions = {
    ...connectionOptions(options, credentials),
    name: 'busworthy',
    inboxPrefix: `${options.inboxPrefix ?? '_INBOX'}.busworthy`,
    timeout: connectTimeoutMs,
  };
  try {
    // Whoever listens there and is no NATS server is found out by one try: reconnecting, the client would go on for minutes.
    await (await connect({ ...wanted, reconnect: false })).close();
    return await connect({ ...wanted, maxReconnectAttempts, reconnectTimeWait: reconnectWaitMs });
  } catch (cause) {
    if (cause instanceof AuthorizationError) {
      throw new Problem('environment', `The bus at ${options.url} refused the credentials: ${cause.message}`, {
        ...(options.credentialsFile !== undefined && { place: { file: options.credentialsFile } }),
        next: 'Give a .creds file of a user of that bus, and check that it has not expired or been revoked.',
        cause,
      });
    }
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('environment', `The bus at ${options.url} cannot be reached: ${said}`, {
      next: 'Check the address, that the bus runs, and its TLS settings.',
      cause,
    });
  }
}

async function requireFit(connection: NatsConnection, url: string): Promise<void> {
  const version = parseVersion(connection.info?.version ?? '');
  if (version === undefined || !isSupported(version)) {
    const found = version === undefined ? 'of no known version' : formatVersion(version);
    throw new Problem(
      'environment',
      `The bus at ${url} is ${found}, and ${formatVersion(oldestVersion)} is the oldest that will do.`,
      { next: 'Upgrade its nats-server.' },
    );
  }
  await streamNames(connection).catch((cause: unknown) => {
    throw new Problem('environment', `The account on ${url} may not use JetStream: ${String(cause)}`, {
      next: 'Enable JetStream for the account, and allow its user to publish to $JS.API.> and to receive on its inboxes.',
      cause,
    });
  });
}

async function streamNames(connection: NatsConnection): Promise<readonly string[]> {
  const manager = await jetstreamManager(connection);
  const names: string[] = [];
  for await (const name of manager.streams.names()) names.push(name);
  return names;
}

async function readCredentials(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(unreadable('file of credentials', file));
  if (/BEGIN NATS USER JWT[^]*BEGIN USER NKEY SEED/.test(text)) return text;
  throw new Problem('environment', 'The file of credentials is none: it has no user JWT with its seed.', {
    place: { file },
    next: 'Give the path of a .creds file, as nsc makes it.',
  });
}

function unreadable(what: string, file: string): (cause: unknown) => never {
  return (cause) => {
    throw new Problem('environment', `The ${what} cannot be read.`, {
      place: { file },
      next: 'Give the path of a file that is there and that this user may read.',
      cause,
    });
  };
}
