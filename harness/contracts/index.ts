import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Catalogue } from '../model/clause.ts';
import { Problem, type Place } from '../model/errors.ts';
import type { Service } from '../model/flow.ts';
import { loadCatalogue } from './catalogue.ts';
import { Mistakes } from './mistakes.ts';
import { withPacts } from './pacts/index.ts';
import { readService, type ReadService } from './service/service.ts';
import { documentName, shownPath } from './source/folder.ts';
import { child, placeAt } from './source/reference.ts';
import { verify, verifyOnce } from './verify/verify.ts';

export { loadCatalogue, loadPortRules } from './catalogue.ts';
export { shorten, writeEffective } from './effective.ts';
export { withPactsOf } from './pacts/index.ts';
export { createCheck } from './validate/check.ts';
export { createValidators } from './validate/validators.ts';

export interface Contracts {
  readonly services: readonly Service[];
  readonly catalogue: Catalogue;
}

/**
 * Reads the services and catalogues of a contracts folder. Each service is verified in full, unless these very files were found
 * sound before. Throws `Problems`: every mistake of every document.
 * @param only names of the services to read; all where absent
 */
export async function loadContracts(folder: string, only?: readonly string[]): Promise<Contracts> {
  const mistakes = new Mistakes();
  const services = await readAll(folder, only, verifyOnce, mistakes);
  const catalogue = await mistakes.gather(() => catalogueOf(folder));
  mistakes.throwIfAny();
  return { services: services.map((read) => read.service), catalogue: catalogue ?? emptyCatalogue };
}

/** Reads one service of a contracts folder, or by the path of its own folder; verified as by `loadContracts`. */
export async function loadService(path: string): Promise<Service> {
  const read = await readService(path);
  await verifyOnce(read);
  return read.service;
}

const emptyCatalogue: Catalogue = { clauses: [], profiles: [], requirements: [] };

/** What a full check of contract documents found. */
export interface CheckSummary {
  readonly services: readonly {
    readonly name: string;
    readonly title: string;
    readonly version: string;
    readonly flows: number;
    readonly messages: number;
    readonly rules: number;
    readonly examples: number;
    readonly digest: string;
    readonly schemas: readonly { readonly message: string; readonly sha256: string }[];
  }[];
  readonly clauses: number;
  readonly profiles: number;
  readonly requirements: number;
  /** Every mistake; the documents are sound where there is none. */
  readonly problems: readonly Problem[];
}

/**
 * Checks contract documents in full, whatever was found before. Mistakes are part of the summary.
 * @param options.also a further check of each service that is sound; its document's place is given
 */
export async function checkContracts(
  folder: string,
  options: {
    readonly only?: readonly string[];
    readonly also?: (service: Service, place: Place) => readonly Problem[];
  } = {},
): Promise<CheckSummary> {
  const mistakes = new Mistakes();
  const services = (await mistakes.gather(() => readAll(folder, options.only, verify, mistakes))) ?? [];
  for (const { service, folder: read } of services) {
    mistakes.addAll(options.also?.(service, { file: read.document.file }) ?? []);
  }
  const catalogue = (await mistakes.gather(() => catalogueOf(folder))) ?? emptyCatalogue;
  return {
    services: services.map(({ service, folder: read }) => {
      const messages = new Map(
        service.flows.flatMap((flow) => [...flow.messages, ...flow.replies]).map((message) => [message.name, message]),
      );
      return {
        name: service.name,
        title: service.title,
        version: service.version,
        flows: service.flows.length,
        messages: messages.size,
        rules: [...messages.values()].reduce((sum, message) => sum + message.rules.length, 0),
        examples: [...read.sources.keys()].filter((name) => name.startsWith('examples/')).length,
        digest: service.digest,
        schemas: [...messages.values()].map((message) => ({ message: message.name, sha256: message.schemaDigest })),
      };
    }),
    clauses: catalogue.clauses.length,
    profiles: catalogue.profiles.length,
    requirements: catalogue.requirements.length,
    problems: mistakes.list,
  };
}

/** Every service that can be read and verified; the mistakes of the others are gathered. */
async function readAll(
  folder: string,
  only: readonly string[] | undefined,
  verifyOne: (read: ReadService) => Promise<void>,
  mistakes: Mistakes,
): Promise<readonly ReadService[]> {
  const names = await serviceNames(folder);
  for (const name of only ?? []) {
    if (names.includes(name)) continue;
    throw new Problem('usage', `there is no service ${name} in ${shownPath(folder)}`, {
      next: `name one of ${names.join(', ')}`,
    });
  }
  const services: ReadService[] = [];
  for (const name of names.filter((candidate) => only?.includes(candidate) ?? true)) {
    const read = await mistakes.gather(async () => {
      const service = await readService(join(folder, name));
      await verifyOne(service);
      return { ...service, service: await withPacts(service.service, service.folder) };
    });
    if (read !== undefined) services.push(read);
  }
  checkAcross(services, mistakes);
  return services;
}

/** Names of the services of a contracts folder: every folder with a document is one. */
export async function serviceNames(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    const next = 'name a folder that holds one folder for each service';
    throw new Problem('contract', 'the contracts folder cannot be read', {
      place: { file: shownPath(folder) },
      next,
      cause,
    });
  });
  const found: string[] = [];
  for (const name of entries.toSorted()) {
    const document = await stat(join(folder, name, documentName)).catch(() => undefined);
    if (name.startsWith('.')) continue;
    if (document !== undefined) found.push(basename(name));
    else await refuseOtherName(join(folder, name));
  }
  if (found.length > 0) return found;
  const next = `add a folder with an ${documentName}`;
  throw new Problem('contract', 'the contracts folder holds no service', { place: { file: shownPath(folder) }, next });
}

/** A service whose document has another name would be left out without a word. */
async function refuseOtherName(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const other = names.find((name) => /^asyncapi\.(yml|json)$/i.test(name));
  if (other === undefined) return;
  const next = `rename it to ${documentName}: what is JSON is YAML too`;
  throw new Problem('contract', `the service's document is called ${other}`, {
    place: { file: shownPath(join(folder, other)) },
    next,
  });
}

async function catalogueOf(folder: string): Promise<Catalogue> {
  const own = await stat(join(folder, 'clauses.yaml')).catch(() => undefined);
  return loadCatalogue(own === undefined ? undefined : folder);
}

/** Names that services share on the bus: a stream or a bucket is of one service. */
function checkAcross(services: readonly ReadService[], mistakes: Mistakes): void {
  const owners = new Map<string, string>();
  for (const { service, flows } of services) {
    for (const { flow, at } of flows) {
      for (const kind of ['stream', 'state', 'bucket'] as const) {
        const name = flow[kind];
        if (name === undefined) continue;
        const owner = owners.get(`${kind} ${name}`) ?? service.name;
        owners.set(`${kind} ${name}`, owner);
        if (owner === service.name) continue;
        const what = `services ${owner} and ${service.name} share the ${kind} ${name}`;
        mistakes.add(placeAt(child(at, kind)), what, 'give each a name of its own');
      }
    }
  }
}
