import type { Operator } from '../security/operator.ts';

export interface ServerConfig {
  readonly operator: Operator;
  readonly host: string;
  /** -1 lets the server choose */
  readonly port: number;
  readonly monitorPort: number;
  /** Folder for the store, the accounts and the file that tells the ports. */
  readonly folder: string;
  /** Flush each message to the disk before it is acknowledged. */
  readonly syncAlways: boolean;
}

/** What the streams of all trials side by side may hold together; the disk has what they do hold. */
const maxStoreBytes = 1024 ** 4;
const maxMemoryBytes = 1024 ** 3;
/** The server's own largest: the size limits of flows are kept by their streams. */
const maxPayloadBytes = 8 * 1024 ** 2;

/** The server's configuration: operator mode, accounts taken in at run time, JetStream. JSON is a subset of its syntax. */
export function serverConfig(config: ServerConfig): string {
  const { operator, folder, host } = config;
  const { publicKey, token } = operator.systemAccount;
  return JSON.stringify(
    {
      server_name: 'busworthy',
      listen: `${host}:${String(config.port)}`,
      http: `${host}:${String(config.monitorPort)}`,
      ports_file_dir: folder,
      max_payload: maxPayloadBytes,
      // A client whose process is busy may be slow to answer; the server's own 2 s would turn it away.
      authorization: { timeout: 30 },
      operator: operator.token,
      system_account: publicKey,
      resolver: { type: 'full', dir: `${folder}/accounts`, allow_delete: true, interval: '10m' },
      resolver_preload: { [publicKey]: token },
      jetstream: {
        store_dir: `${folder}/store`,
        max_file_store: maxStoreBytes,
        max_memory_store: maxMemoryBytes,
        ...(config.syncAlways && { sync_interval: 'always' }),
      },
    },
    undefined,
    2,
  );
}
