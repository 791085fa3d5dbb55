import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem, Problems } from '../../model/errors.ts';
import type { Service } from '../../model/flow.ts';
import { Mistakes } from '../mistakes.ts';
import { readBounded, shownPath, type ServiceFolder } from '../source/folder.ts';
import { parseSource, type Source } from '../source/source.ts';
import { attachPacts, refuseReplySubjects } from './attach.ts';
import { readPactFile } from './file.ts';
import { checkStates, readStates, statesName } from './states.ts';

/** Folder of a service that holds its pacts. */
export const pactsName = 'pacts';

/** The service with its provider states and the pacts of its folder. Throws `Problems`: every mistake of every file. */
export async function withPacts(service: Service, folder: ServiceFolder): Promise<Service> {
  const mistakes = new Mistakes();
  const sources: Source[] = [];
  for (const name of await pactFiles(join(folder.path, pactsName))) {
    const path = join(folder.path, pactsName, name);
    const source = await mistakes.gather(async () => parseSource(shownPath(path), name, await readBounded(path)));
    if (source !== undefined) sources.push(source);
  }
  const states = folder.sources.get(statesName);
  const read = states === undefined ? [] : await readStates(service, states, mistakes);
  const attached = attach({ ...service, ...(states === undefined ? {} : { states: read }) }, sources, mistakes);
  mistakes.throwIfAny();
  return attached;
}

/**
 * The service with the pacts of some files, or answers of a broker, in place of those of its folder. Throws `Problems`.
 * @param files what each is called where it comes from, and its bytes; all interactions of a `pending` one are pending
 */
export function withPactsOf(
  service: Service,
  files: readonly { readonly file: string; readonly bytes: Uint8Array; readonly pending?: boolean }[],
): Service {
  const mistakes = new Mistakes();
  const sources: Source[] = [];
  const pending = new Set(files.filter((file) => file.pending === true).map(({ file }) => file));
  for (const { file, bytes } of files) {
    try {
      sources.push(parseSource(file, 'pact.json', bytes));
    } catch (cause) {
      gatherInto(mistakes, cause);
    }
  }
  const attached = attach(service, sources, mistakes, pending);
  mistakes.throwIfAny();
  return attached;
}

function gatherInto(mistakes: Mistakes, cause: unknown): void {
  if (cause instanceof Problems) mistakes.addAll(cause.problems);
  else if (cause instanceof Problem) mistakes.addAll([cause]);
  else throw cause;
}

function attach(
  service: Service,
  sources: readonly Source[],
  mistakes: Mistakes,
  pending: ReadonlySet<string> = new Set(),
): Service {
  const raws = sources.flatMap((source) => {
    const raw = readPactFile(source, mistakes);
    if (raw === undefined || !pending.has(source.file)) return raw ?? [];
    return { ...raw, interactions: raw.interactions.map((each) => ({ ...each, pending: true })) };
  });
  refuseReplySubjects(raws, mistakes);
  for (const interaction of raws.flatMap(({ interactions }) => interactions)) {
    checkStates(service, service.states ?? [], interaction, mistakes);
  }
  return attachPacts(service, raws, mistakes);
}

/** Every JSON file of the folder; none where there is no such folder. */
async function pactFiles(path: string): Promise<readonly string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    const next = 'make it a folder that may be read, or take it away';
    throw new Problem('contract', 'the folder of pacts cannot be read', {
      place: { file: shownPath(path) },
      next,
      cause,
    });
  });
  return entries
    .filter((entry) => entry.name.endsWith('.json') && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .toSorted();
}
