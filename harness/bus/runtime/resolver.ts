import { connect, type NatsConnection } from '@nats-io/transport-node';

import { Problem } from '../../model/errors.ts';
import { mintNamespace } from '../security/accounts.ts';
import { mintDeletion, type Operator } from '../security/operator.ts';
import { inboxPrefixOf, type NamespaceSpec } from '../security/spec.ts';
import { AccountNamespace } from './namespace.ts';
import type { Namespace } from './runtime.ts';

const requestTimeoutMs = 5_000;
const connectTimeoutMs = 10_000;

/**
 * Adds accounts to a running server and takes them away, without a restart, through its system account. It has a connection
 * for each life of the server: what the client is asked to send while it reconnects is lost, and its reply never comes.
 */
export class AccountResolver {
  readonly #operator: Operator;
  readonly #folder: string;
  #connection: NatsConnection | undefined;

  /** `folder` is for the credentials of the namespaces. */
  constructor(operator: Operator, folder: string) {
    this.#operator = operator;
    this.#folder = folder;
  }

  /** Connects to the server in its present life, and returns its version. */
  async connect(url: string): Promise<string> {
    const { name, authenticator } = this.#operator.systemUser;
    this.#connection = await connect({
      servers: url,
      name: 'busworthy-accounts',
      authenticator,
      inboxPrefix: inboxPrefixOf(name),
      timeout: connectTimeoutMs,
      reconnect: false,
    });
    return this.#connection.info?.version ?? '';
  }

  async disconnect(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.close();
  }

  /** Mints two accounts with their users and makes them known to the server. */
  async namespace(url: string, spec: NamespaceSpec): Promise<Namespace> {
    const minted = await mintNamespace(this.#operator, spec);
    await Promise.all(minted.accounts.map(({ token }) => this.#ask('$SYS.REQ.CLAIMS.UPDATE', token)));
    const keys = minted.accounts.map(({ publicKey }) => publicKey);
    return new AccountNamespace(url, minted.users, this.#folder, () => this.#forget(keys));
  }

  /** Ends the accounts with their streams and their users' connections. Of a server that has ended there is nothing to end. */
  async #forget(keys: readonly string[]): Promise<void> {
    if (this.#connection === undefined || this.#connection.isClosed()) return;
    await Promise.all(keys.map((key) => this.#ask(`$JS.API.ACCOUNT.PURGE.${key}`, '')));
    await this.#ask('$SYS.REQ.CLAIMS.DELETE', await mintDeletion(this.#operator, keys));
  }

  async #ask(subject: string, payload: string): Promise<void> {
    if (this.#connection === undefined) {
      throw new Problem('harness', 'The reference bus does not run.', { next: 'Start it before it is used.' });
    }
    const reply = await this.#connection.request(subject, payload, { timeout: requestTimeoutMs });
    const { error } = reply.json<{ error?: { description: string } }>();
    if (error) {
      throw new Problem('harness', `The server refused ${subject}: ${error.description}`, {
        next: 'This is a fault of the harness: please report it with the command that you ran.',
      });
    }
  }
}
