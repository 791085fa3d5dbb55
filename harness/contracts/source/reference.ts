import { posix } from 'node:path';
import type { Place } from '../../model/errors.ts';
import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { Mistakes } from '../mistakes.ts';
import type { ServiceFolder } from './folder.ts';
import type { Path, Source } from './source.ts';

/** A place in a document of a service. */
export interface Cursor {
  readonly source: Source;
  readonly path: Path;
}

export function valueAt(cursor: Cursor): JsonValue | undefined {
  let value: JsonValue | undefined = cursor.source.value;
  for (const token of cursor.path) {
    value = isJsonObject(value)
      ? value[String(token)]
      : Array.isArray(value)
        ? (value as readonly JsonValue[])[Number(token)]
        : undefined;
  }
  return value;
}

export function child(cursor: Cursor, ...tokens: Path): Cursor {
  return { source: cursor.source, path: [...cursor.path, ...tokens] };
}

export function placeAt(cursor: Cursor): Place {
  return cursor.source.place(cursor.path);
}

export function cursorId(cursor: Cursor): string {
  return `${cursor.source.name}#${cursor.path.map((token) => `/${String(token)}`).join('')}`;
}

/** Where a `$ref` leads, or why it leads nowhere that may be read. Nothing is fetched: a target is a file of the folder. */
export function resolveReference(
  folder: ServiceFolder,
  from: Source,
  reference: string,
): Cursor | { readonly what: string; readonly next: string } {
  const hash = reference.indexOf('#');
  const file = hash < 0 ? reference : reference.slice(0, hash);
  const refusal = file === '' ? undefined : refusalOf(file);
  if (refusal !== undefined) return refusal;
  const name = file === '' ? from.name : posix.join(posix.dirname(from.name), file);
  if (name.startsWith('..')) {
    return { what: `the $ref leads outside of the service's folder`, next: 'copy the file into the folder' };
  }
  const source = folder.sources.get(name);
  if (source === undefined) {
    return {
      what: `the $ref names no YAML or JSON file of the folder: ${name}`,
      next: 'correct the path, or add the file',
    };
  }
  const path = pointerPath(hash < 0 ? '' : reference.slice(hash + 1));
  const target = path === undefined ? undefined : { source, path };
  if (target === undefined || valueAt(target) === undefined) {
    return { what: `the $ref leads to nothing in ${name}`, next: 'correct the JSON Pointer after the #' };
  }
  return target;
}

function refusalOf(file: string): { readonly what: string; readonly next: string } | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(file) || file.startsWith('//')) {
    return {
      what: 'the $ref is a URL, and nothing is ever fetched',
      next: 'copy the file into the folder and refer to it by its path',
    };
  }
  if (/^\/|\\|%|\?|\0/.test(file)) {
    return {
      what: 'the $ref is no plain relative path',
      next: 'write it relative to this file, with /, without escapes',
    };
  }
  return undefined;
}

function pointerPath(fragment: string): Path | undefined {
  if (fragment === '') return [];
  try {
    const pointer = decodeURIComponent(fragment);
    if (!pointer.startsWith('/')) return undefined;
    return pointer
      .slice(1)
      .split('/')
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  } catch {
    return undefined;
  }
}

/** Most `$ref`s that may lead from one to the next. */
const hopLimit = 16;

/** Follows `$ref`s of an AsyncAPI object to the object itself; undefined, with the mistake said, where there is none. */
export function follow(folder: ServiceFolder, start: Cursor, mistakes: Mistakes): Cursor | undefined {
  let cursor = start;
  for (let hops = 0; hops < hopLimit; hops += 1) {
    const value = valueAt(cursor);
    if (!isJsonObject(value) || typeof value['$ref'] !== 'string') return cursor;
    const target = resolveReference(folder, cursor.source, value['$ref']);
    if ('what' in target) return undefined; // said of every $ref by checkReferences
    cursor = target;
  }
  mistakes.add(placeAt(start), 'the $refs go round in a circle', 'let one of them lead to the object itself');
  return undefined;
}

/** Says of every `$ref` in every document, wherever it stands, whether it may be followed. */
export function checkReferences(folder: ServiceFolder, mistakes: Mistakes): void {
  for (const source of folder.sources.values()) {
    if (source.name.startsWith('examples/')) continue;
    visit(source.value, []);
    function visit(value: JsonValue, path: Path): void {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, member] of Object.entries(value as Readonly<Record<string, JsonValue>>)) {
        const here = [...path, name];
        if (name === '$ref' && typeof member === 'string') {
          const target = resolveReference(folder, source, member);
          if ('what' in target) mistakes.add(source.place(here), target.what, target.next);
        } else visit(member, here);
      }
    }
  }
}
