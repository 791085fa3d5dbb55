import { connect, type NatsConnection } from '@nats-io/transport-node';

import { Problem } from '../../model/errors.ts';
import { mintNamespace } from '../security/accounts.ts';
import { mintDeletion, type Operator } from '../security/operator.ts';
import { inboxPrefixOf, type NamespaceSpec } from '../security/spec.ts';
import { AccountNamespace } from './namespace.ts';
import type { Namespace } from './runtime.ts';

const requestTimeoutMs = 5_000;
const connectTimeoutMs = 10_000;
const reconnectWaitMs = 20;

/** The system account's connection to a running server, through which accounts are added and deleted without a restart. */
export class AccountResolver implements AsyncDisposable {
  readonly #connection: NatsConnection;
  readonly #operator: Operator;
  readonly #url: string;
  readonly #folder: string;

  private constructor(connection: NatsConnection, operator: Operator, url: string, folder: string) {
    this.#connection = connection;
    this.#operator = operator;
    this.#url = url;
    this.#folder = folder;
  }

  /** `folder` is for the credentials of the namespaces. */
  static async open(url: string, operator: Operator, folder: string): Promise<AccountResolver> {
    const connection = await connect({
      servers: url,
      name: 'busworthy-accounts',
      authenticator: operator.systemUser.authenticator,
      inboxPrefix: inboxPrefixOf(operator.systemUser.name),
      timeout: connectTimeoutMs,
      // the server is killed and restarted by faults
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectWaitMs,
      reconnectJitter: 0,
    });
    return new AccountResolver(connection, operator, url, folder);
  }

  get serverVersion(): string {
    return this.#connection.info?.version ?? '';
  }

  /** Mints two accounts with their users and makes them known to the server. */
  async namespace(spec: NamespaceSpec): Promise<Namespace> {
    const minted = await mintNamespace(this.#operator, spec);
    await Promise.all(minted.accounts.map(({ token }) => this.#ask('$SYS.REQ.CLAIMS.UPDATE', token)));
    const keys = minted.accounts.map(({ publicKey }) => publicKey);
    return new AccountNamespace(this.#url, minted.users, this.#folder, () => this.#forget(keys));
  }

  async #forget(keys: readonly string[]): Promise<void> {
    if (this.#connection.isClosed()) return;
    await Promise.all(keys.map((key) => this.#ask(`$JS.API.ACCOUNT.PURGE.${key}`, '')));
    await this.#ask('$SYS.REQ.CLAIMS.DELETE', await mintDeletion(this.#operator, keys));
  }

  async #ask(subject: string, payload: string): Promise<void> {
    const reply = await this.#connection.request(subject, payload, { timeout: requestTimeoutMs });
    const { error } = reply.json<{ error?: { description: string } }>();
    if (error) {
      throw new Problem('harness', `The server refused ${subject}: ${error.description}`, {
        next: 'This is a fault of the harness: please report it with the command that you ran.',
      });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connection.close();
  }
}
