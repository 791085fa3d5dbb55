import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { Problem, Problems, type Place } from '../../model/errors.ts';
import type { JsonValue } from '../../model/json.ts';

/** Bounds of one document: its size in bytes, how deep it nests, and how far its aliases may multiply it. */
export const sourceBounds = { bytes: 1_048_576, depth: 100, aliases: 100 } as const;

/** Way into a document: member names and item numbers. */
export type Path = readonly (string | number)[];

/** A YAML or JSON file that was read and is sound as a document. */
export interface Source {
  /** Path as a person is told it. */
  readonly file: string;
  /** Path below its service's folder, with `/`. */
  readonly name: string;
  readonly text: string;
  readonly value: JsonValue;
  /** Where a member (its name), an item or, at worst, the nearest thing around it stands. */
  place(path: Path): Place;
}

/** Parses one file. Throws `Problems` that name every line at fault, never its content. */
export function parseSource(file: string, name: string, bytes: Uint8Array): Source {
  const text = decode(file, bytes);
  if (text.trim() === '') throw failure({ file }, 'the file is empty', 'write the document, or delete the file');
  const lines = new LineCounter();
  const document = parseYaml(file, text, lines);
  const end = text.trimEnd().length;
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(Math.min(offset, end));
    return { file, line, column: col };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new Problems(faults.map((fault) => syntaxProblem(at(fault.pos[0]), name, fault)));
  if (name.endsWith('.json')) requireJson(file, text);
  const value = toValue(document, file);
  const source: Source = { file, name, text, value, place: (path) => placeOf(document, path, at) };
  const unsound = findUnsound(value);
  if (unsound !== undefined) throw failure(source.place(unsound.path), unsound.what, unsound.next);
  return source;
}

/** The text of a file's bytes; throws where it is too large or not UTF-8. */
function decode(file: string, bytes: Uint8Array): string {
  if (bytes.length > sourceBounds.bytes) {
    const size = `${String(bytes.length)} bytes where at most ${String(sourceBounds.bytes)} are read`;
    throw failure({ file }, `the file is too large: ${size}`, 'split the service, or move data out of the document');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw failure({ file }, 'the file is not UTF-8 text', 'save it as UTF-8', cause);
  }
}

function parseYaml(file: string, text: string, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      strict: true,
      stringKeys: true,
      uniqueKeys: true,
      merge: true, // `<<`, which every YAML tool around AsyncAPI reads
    });
  } catch (cause) {
    throw failure({ file }, 'the document nests too deeply to be read', 'flatten it', cause);
  }
}

function syntaxProblem(
  place: Place,
  name: string,
  fault: { readonly code: string; readonly message: string },
): Problem {
  if (fault.code === 'DUPLICATE_KEY') {
    return failure(place, 'the same key stands twice in one mapping', 'delete or rename one of the two');
  }
  const kind = name.endsWith('.json') ? 'JSON' : 'YAML';
  const what = fault.message.replace(/: .*/s, '').replaceAll(/\s+/g, ' ');
  return failure(place, `not ${kind}: ${what}`, `correct the ${kind} at this line`);
}

function requireJson(file: string, text: string): void {
  try {
    JSON.parse(text);
  } catch (cause) {
    const position = cause instanceof SyntaxError ? /line (\d+) column (\d+)/.exec(cause.message) : null;
    const place = position === null ? { file } : { file, line: Number(position[1]), column: Number(position[2]) };
    throw failure(
      place,
      'not JSON',
      'write it as JSON: no comments, no trailing commas, names in double quotes',
      cause,
    );
  }
}

function toValue(document: Document.Parsed, file: string): JsonValue {
  try {
    return document.toJS({ maxAliasCount: sourceBounds.aliases }) as JsonValue;
  } catch (cause) {
    const bound = `more than ${String(sourceBounds.aliases)} times its size`;
    throw failure(
      { file },
      `its aliases multiply the document to ${bound}`,
      'write the values out, without aliases',
      cause,
    );
  }
}

interface Unsound {
  readonly path: Path;
  readonly what: string;
  readonly next: string;
}

/** The first thing that is YAML but cannot safely be data: a name that every object has, a number without a value, depth. */
function findUnsound(value: unknown, path: Path = []): Unsound | undefined {
  if (path.length > sourceBounds.depth) {
    const what = `the document nests deeper than ${String(sourceBounds.depth)} levels, or contains itself`;
    return { path: path.slice(0, 8), what, next: 'flatten it, and let no anchor contain its own alias' };
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { path, what: 'a number that JSON cannot write', next: 'write a finite number' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && name in Object.prototype) {
      const what = `the name ${JSON.stringify(name)} is kept by the language for every object`;
      return { path: [...path, name], what, next: 'choose another name' };
    }
    const found = findUnsound(member, [...path, Array.isArray(value) ? Number(name) : name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function placeOf(document: Document.Parsed, path: Path, at: (offset: number) => Place): Place {
  let node: unknown = document.contents;
  let offset = document.contents?.range[0] ?? 0;
  for (const token of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === token);
      offset = (pair?.key as Node | undefined)?.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node)) {
      next = node.items[Number(token)];
      offset = (next as Node | undefined)?.range?.[0] ?? offset;
    }
    if (next === undefined || next === null) break;
    node = next;
  }
  return at(offset);
}

function failure(place: Place, what: string, next: string, cause?: unknown): Problem {
  return new Problem('contract', what, { place, next, cause });
}
