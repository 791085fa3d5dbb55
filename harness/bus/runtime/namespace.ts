import type { ConnectionOptions } from '@nats-io/transport-node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Problem } from '../../model/errors.ts';
import { inboxPrefixOf } from '../security/spec.ts';
import type { User } from '../security/users.ts';
import type { Namespace } from './runtime.ts';

/** A namespace on a server of our own: accounts with minted users. */
export class AccountNamespace implements Namespace {
  readonly url: string;
  readonly #users: ReadonlyMap<string, User>;
  readonly #forget: () => Promise<void>;
  readonly #parent: string;
  readonly #files = new Map<string, Promise<string>>();
  #folder: Promise<string> | undefined;

  /** `forget` takes the accounts back from the server; files go into a folder of their own in `parent`. */
  constructor(url: string, users: ReadonlyMap<string, User>, parent: string, forget: () => Promise<void>) {
    this.url = url;
    this.#users = users;
    this.#parent = parent;
    this.#forget = forget;
  }

  connectionOptions(user: string): ConnectionOptions {
    const { authenticator } = this.#user(user);
    // Without the traces of its callers a request costs half: each would be captured before anything has gone wrong.
    return { servers: this.url, name: user, authenticator, inboxPrefix: inboxPrefixOf(user), noAsyncTraces: true };
  }

  credentials(user: string): string {
    return this.#user(user).credentials;
  }

  /** Written once: another instance of the user may be reading it. */
  credentialsFile(user: string): Promise<string> {
    const file = this.#files.get(user) ?? this.#write(user, this.credentials(user));
    this.#files.set(user, file);
    return file;
  }

  async #write(user: string, credentials: string): Promise<string> {
    this.#folder ??= mkdtemp(join(this.#parent, 'credentials-'));
    const path = join(await this.#folder, `${user}.creds`);
    await writeFile(path, credentials, { mode: 0o600 });
    return path;
  }

  inboxPrefix(user: string): string {
    return inboxPrefixOf(this.#user(user).name);
  }

  #user(name: string): User {
    const user = this.#users.get(name);
    if (user !== undefined) return user;
    throw new Problem('harness', `This namespace has no user "${name}", only ${[...this.#users.keys()].join(', ')}.`, {
      next: 'Add the user to the specification that the namespace is made from.',
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
    await this.#forget();
  }
}
