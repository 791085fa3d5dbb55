/** The environment or the contract cannot be worked with. The message says what, where, and what to do next. */
export class Misconfigured extends Error {}

/** What the adapter is told in its environment. */
export interface Settings {
  readonly contract: string;
  readonly application: string;
  readonly busUrls: readonly string[];
  /** Path of a `.creds` file. */
  readonly credentials: string | undefined;
  /** Paths of PEM files; absent where no server is `tls://`. */
  readonly tls: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string } | undefined;
  readonly inboxPrefix: string;
  readonly listenPort: number;
  readonly applicationUrl: string;
}

const required = ['CONTRACT', 'APPLICATION', 'BUS_URL', 'INBOX_PREFIX', 'LISTEN_PORT', 'APPLICATION_URL'] as const;

/** Throws Misconfigured. */
export function settingsFrom(environment: Readonly<Record<string, string | undefined>>): Settings {
  const missing = required.filter((name) => (environment[name] ?? '') === '');
  if (missing.length > 0) {
    throw new Misconfigured(`${missing.join(', ')} not set: see ADAPTERS.md, Environment and life`);
  }
  const [contract, application, urls, inboxPrefix, port, applicationUrl] = required.map(
    (name) => environment[name] ?? '',
  ) as [string, string, string, string, string, string];
  if (!/^\d{1,5}$/.test(port)) throw new Misconfigured('LISTEN_PORT is no number: give a free TCP port');
  if (URL.parse(applicationUrl) === null) throw new Misconfigured('APPLICATION_URL is no URL');
  return {
    contract,
    application,
    busUrls: urls.split(',').map((url) => url.trim()),
    credentials: given(environment['BUS_CREDENTIALS']),
    tls: urls.includes('tls://') ? tlsFrom(environment) : undefined,
    inboxPrefix,
    listenPort: Number(port),
    applicationUrl,
  };
}

function tlsFrom(environment: Readonly<Record<string, string | undefined>>): Settings['tls'] {
  const [caFile, certFile, keyFile] = ['BUS_CA', 'BUS_CERT', 'BUS_KEY'].map((name) => given(environment[name]));
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
}

const given = (value: string | undefined): string | undefined => (value === '' ? undefined : value);
