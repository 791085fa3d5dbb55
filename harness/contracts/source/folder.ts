import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix, relative, sep } from 'node:path';
import { Problem, Problems } from '../../model/errors.ts';
import { sha256 } from '../digest.ts';
import { Mistakes } from '../mistakes.ts';
import { parseSource, sourceBounds, type Source } from './source.ts';

/** Most files, and bytes in all, that one service's folder may hold. */
export const folderBounds = { files: 1000, bytes: 16_777_216 } as const;

/** The name of every service's document in its folder. */
export const documentName = 'asyncapi.yaml';

/** The documents of one service: every YAML and JSON file of its folder, `pacts/` apart. References reach nothing else. */
export interface ServiceFolder {
  readonly name: string;
  /** Absolute path. */
  readonly path: string;
  readonly sources: ReadonlyMap<string, Source>;
  readonly document: Source;
  /** SHA-256 over names and bytes. */
  readonly digest: string;
}

/** Reads a service's folder whole. Throws `Problems`: every file that cannot be read, at once. */
export async function readFolder(path: string): Promise<ServiceFolder> {
  const names = await listFiles(path);
  const mistakes = new Mistakes();
  const sources = new Map<string, Source>();
  const hashed: (string | Uint8Array)[] = [];
  let total = 0;
  for (const name of names) {
    const bytes = await readBounded(join(path, name));
    total += bytes.length;
    if (total > folderBounds.bytes) throw folderTooLarge(path, `${String(folderBounds.bytes)} bytes`);
    hashed.push(name, bytes);
    const source = await mistakes.gather(() => parseSource(shownPath(join(path, name)), name, bytes));
    if (source !== undefined) sources.set(name, source);
  }
  mistakes.throwIfAny();
  const document = sources.get(documentName);
  if (document === undefined) {
    const next = `write ${documentName} there, or name another folder`;
    throw new Problem('contract', `the folder has no ${documentName}`, { place: { file: shownPath(path) }, next });
  }
  return { name: posix.basename(path.split(sep).join('/')), path, sources, document, digest: sha256(...hashed) };
}

/** A path as a person reads it: relative to where they are, where it lies below. */
export function shownPath(path: string): string {
  const below = relative('.', path);
  return below.startsWith('..') ? path : below;
}

/** The bytes of a regular file, at most one more than its bound. */
export async function readBounded(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path);
    if (size > sourceBounds.bytes) return new Uint8Array(sourceBounds.bytes + 1);
    return await readFile(path);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Problem('contract', `the file cannot be read (${why})`, {
      place: { file: shownPath(path) },
      next: 'check that it is there and may be read',
      cause,
    });
  }
}

async function listFiles(root: string): Promise<readonly string[]> {
  const names: string[] = [];
  const problems: Problem[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(join(root, below))) {
      const name = posix.join(below, entry.name);
      if (entry.name.startsWith('.') || name === 'pacts') continue;
      if (entry.isDirectory()) await visit(name);
      else if (entry.isSymbolicLink()) problems.push(notRegular(join(root, name), 'a symbolic link'));
      else if (!/\.(json|ya?ml)$/.test(entry.name)) continue;
      else if (entry.isFile()) names.push(name);
      else problems.push(notRegular(join(root, name), 'no regular file'));
      if (names.length > folderBounds.files) throw folderTooLarge(root, `${String(folderBounds.files)} files`);
    }
  };
  await visit('');
  if (problems.length > 0) throw new Problems(problems);
  return names.toSorted();
}

async function entriesOf(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (cause) {
    const next = 'name a folder that is there and may be read';
    throw new Problem('contract', 'the folder cannot be read', { place: { file: shownPath(path) }, next, cause });
  }
}

function notRegular(path: string, what: string): Problem {
  const next = 'put a copy of the file in its place: a service is its folder alone';
  return new Problem('contract', `the service's folder holds ${what}`, { place: { file: shownPath(path) }, next });
}

function folderTooLarge(path: string, bound: string): Problem {
  const next = 'keep only the document, its schemas and its examples there';
  return new Problem('contract', `the service's folder is larger than ${bound}`, {
    place: { file: shownPath(path) },
    next,
  });
}
