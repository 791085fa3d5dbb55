import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { parse } from 'yaml';

import { isArray, isObject, memberOf, parseJson, tokensOf, type Json } from './json.ts';
import { Misconfigured } from './settings.ts';

/** YAML and JSON files, each read once, by their file: URL. Nothing is fetched. */
export class Documents {
  readonly #loaded = new Map<string, Json>();

  node(path: string): Node {
    return new Node(this, pathToFileURL(path).href, []);
  }

  /** Throws Misconfigured. */
  load(url: string): Json {
    const known = this.#loaded.get(url);
    if (known !== undefined) return known;
    const value = read(url);
    this.#loaded.set(url, value);
    return value;
  }
}

function read(url: string): Json {
  if (!url.startsWith('file:')) throw new Misconfigured(`$ref to ${url}: only files beside the document are read`);
  const path = fileURLToPath(url);
  try {
    const bytes = readFileSync(path);
    return path.endsWith('.json') ? parseJson(bytes) : (parse(bytes.toString(), { merge: true }) as Json);
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown';
    throw new Misconfigured(`${path} cannot be read as YAML or JSON (${why})`, { cause: error });
  }
}

/** A place in a document. */
export class Node {
  readonly #documents: Documents;
  readonly #file: string;
  readonly #path: readonly string[];

  constructor(documents: Documents, file: string, path: readonly string[]) {
    this.#documents = documents;
    this.#file = file;
    this.#path = path;
  }

  /** Undefined where there is nothing. */
  get value(): Json | undefined {
    return this.#path.reduce<Json | undefined>(
      (value, name) => (isArray(value) ? value[Number(name)] : memberOf(value, name)),
      this.#documents.load(this.#file),
    );
  }

  /** Two nodes are the same place where their URLs are equal. */
  get url(): string {
    const pointer = this.#path.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    return `${this.#file}#${encodeURI(pointer)}`;
  }

  child(name: string): Node {
    return new Node(this.#documents, this.#file, [...this.#path, name]);
  }

  /** Where the `$ref` leads that stands here; this place itself where none does. */
  follow(): Node {
    const reference = memberOf(this.value, '$ref');
    if (typeof reference !== 'string') return this;
    const { href, hash } = new URL(reference, this.#file);
    const file = href.slice(0, href.length - hash.length).replace(/#$/, '');
    return new Node(this.#documents, file, tokensOf(decodeURIComponent(hash.slice(1)))).follow();
  }

  /** The members of a mapping, each followed to its object. */
  members(): readonly (readonly [string, Node])[] {
    const { value } = this;
    return isObject(value) ? Object.keys(value).map((name) => [name, this.child(name).follow()] as const) : [];
  }

  /** The properties of an object schema, those of its `allOf` and of its `$ref` included. */
  properties(): readonly (readonly [string, Json])[] {
    const { value } = this;
    const [own, all] = [memberOf(value, 'properties'), memberOf(value, 'allOf')];
    return [
      ...(isObject(own) ? Object.entries(own) : []),
      ...(isArray(all) ? all : []).flatMap((_, at) => this.child('allOf').child(String(at)).properties()),
      ...(memberOf(value, '$ref') === undefined ? [] : this.follow().properties()),
    ];
  }
}
