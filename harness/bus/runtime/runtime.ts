import type { ConnectionOptions } from '@nats-io/transport-node';

import type { NamespaceSpec } from '../security/spec.ts';

export type RuntimeName = 'process' | 'container' | 'external';

/** A running reference bus. Ending it leaves no process, container or folder behind. */
export interface StartedBus extends AsyncDisposable {
  readonly runtime: RuntimeName;
  /** `nats://` or `tls://`, without credentials */
  readonly url: string;
  /** the server's HTTP monitoring; absent where the bus is somebody else's */
  readonly monitorUrl?: string;
  readonly serverVersion: string;
  /** Aborted with a `Problem` as its reason when the server ends and nobody asked it to. */
  readonly failure: AbortSignal;
  /** Control of the server; absent where the bus is somebody else's: faults that need it are then `not-tested`. */
  readonly control?: BusControl;
  /** The end of the server's own log, for messages about it. */
  logTail(): Promise<string>;
  /** A fresh pair of accounts with its users. An external bus has one account, and so one namespace at a time. */
  namespace(spec: NamespaceSpec): Promise<Namespace>;
}

/** Paths of PEM files, for `tls://`. */
export interface TlsFiles {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
}

export interface Namespace extends AsyncDisposable {
  readonly url: string;
  /** what a client needs beside the URL, with `tls://` only */
  readonly tls?: TlsFiles;
  /** How a client in this process connects as the user: server, authenticator, inbox prefix and name. */
  connectionOptions(user: string): ConnectionOptions;
  /** The text of the user's `.creds` file; undefined on an external bus that takes no credentials. */
  credentials(user: string): string | undefined;
  /** Path of that file, readable by this user of the machine only. It goes with the namespace. */
  credentialsFile(user: string): Promise<string | undefined>;
  inboxPrefix(user: string): string;
}

/** Each returns once the change has taken effect. Addresses, accounts and stored messages stay the same. */
export interface BusControl {
  /** Ends the server without warning (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again on the same port and store; ready when it answers. */
  start(): Promise<void>;
  /** Stops the server from running without closing its connections. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}
