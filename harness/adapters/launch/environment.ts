import type { Service } from '../../model/flow.ts';
import type { AdapterFile } from './adapter-file.ts';

/** How a user of a namespace meets the bus; a `Namespace` is one. */
export interface BusAccess {
  readonly url: string;
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
  credentialsFile(user: string): Promise<string | undefined>;
  inboxPrefix(user: string): string;
}

/** What every program needs of the machine that it runs on. */
const passedOn = ['PATH', 'HOME', 'TMPDIR'] as const;

/** The environment of one instance, as ADAPTERS.md has it; what adapter.yaml adds cannot change the application port's own. */
export async function environmentOf(options: {
  readonly adapter: AdapterFile;
  readonly service: Service;
  /** Path of the effective document. */
  readonly contract: string;
  readonly bus: BusAccess;
  readonly listenPort: number;
  readonly applicationUrl: string;
}): Promise<Readonly<Record<string, string>>> {
  const { adapter, service, contract, bus, listenPort, applicationUrl } = options;
  const { application } = adapter;
  const role = service.applications.find(({ name }) => name === application)?.role;
  const { caFile, certFile, keyFile } = bus.tls ?? {};
  const given = {
    CONTRACT: contract,
    SERVICE: service.name,
    APPLICATION: application,
    ROLE: role,
    BUS_URL: bus.url,
    BUS_CREDENTIALS: await bus.credentialsFile(application),
    BUS_CA: caFile,
    BUS_CERT: certFile,
    BUS_KEY: keyFile,
    INBOX_PREFIX: bus.inboxPrefix(application),
    LISTEN_PORT: String(listenPort),
    APPLICATION_URL: applicationUrl,
  };
  const machine = adapter.start.by === 'command' ? passedOn.map((name) => [name, process.env[name]] as const) : [];
  const all: readonly (readonly [string, string | undefined])[] = [
    ...machine,
    ...Object.entries(adapter.environment),
    ...Object.entries(given),
  ];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
