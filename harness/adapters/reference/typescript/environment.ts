import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';

import { Problem } from '../../../model/errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of an adapter, as ADAPTERS.md has it, with the files that it names read. */
export interface Environment {
  /** Folder of the effective document. */
  readonly contract: string;
  readonly service: string;
  readonly application: string;
  readonly role: string;
  readonly bus: {
    readonly url: string;
    readonly inboxPrefix: string;
    readonly credentials?: string;
    readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  };
  readonly listenPort: number;
  readonly applicationUrl: string;
}

/** Throws a Problem that names the variable. */
export function readEnvironment(variables: Variables): Environment {
  const url = required(variables, 'BUS_URL');
  const servers = url.split(',').map((server) => server.trim());
  if (!servers.every((server) => /^(nats|tls):\/\/\S+$/.test(server)))
    throw wrong('BUS_URL', 'nats:// or tls:// servers');
  const tls = url.includes('tls://');
  const pem = (name: string): string | undefined => (tls ? optionalFile(variables, name) : undefined);
  const [ca, cert, key] = [pem('BUS_CA'), pem('BUS_CERT'), pem('BUS_KEY')];
  const credentials = optionalFile(variables, 'BUS_CREDENTIALS');
  const contract = required(variables, 'CONTRACT');
  if (basename(contract) !== 'asyncapi.yaml') throw wrong('CONTRACT', 'the path of an asyncapi.yaml');
  const listenPort = Number(required(variables, 'LISTEN_PORT'));
  if (!Number.isInteger(listenPort) || listenPort < 1 || listenPort > 65_535) throw wrong('LISTEN_PORT', 'a port');
  const applicationUrl = required(variables, 'APPLICATION_URL');
  if (!/^https?:$/.test(URL.parse(applicationUrl)?.protocol ?? '')) throw wrong('APPLICATION_URL', 'an http:// URL');
  return {
    contract: dirname(contract),
    service: required(variables, 'SERVICE'),
    application: required(variables, 'APPLICATION'),
    role: required(variables, 'ROLE'),
    bus: {
      url,
      inboxPrefix: required(variables, 'INBOX_PREFIX'),
      ...(credentials !== undefined && { credentials }),
      ...(tls && {
        tls: {
          ...(ca !== undefined && { ca }),
          ...(cert !== undefined && { cert }),
          ...(key !== undefined && { key }),
        },
      }),
    },
    listenPort,
    applicationUrl,
  };
}

function required(variables: Variables, name: string): string {
  const value = variables[name] ?? '';
  if (value !== '') return value;
  throw new Problem('environment', `${name} is not set`, { next: `set ${name}, as ADAPTERS.md says` });
}

function optionalFile(variables: Variables, name: string): string | undefined {
  const path = variables[name] ?? '';
  if (path === '') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new Problem('environment', `the file of ${name} cannot be read (${why})`, {
      next: `give ${name} a path`,
      cause,
    });
  }
}

function wrong(name: string, wanted: string): Problem {
  return new Problem('environment', `${name} is not ${wanted}`, { next: `set ${name}, as ADAPTERS.md says` });
}
