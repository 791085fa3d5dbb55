/** Schema documents, their identifiers and anchors, and where references lead. */
import { MalformedSchema, UnresolvedReference } from './errors.ts';
import { isObject, token, untoken, type JsonSchema, type SchemaObject } from './json.ts';
import { checkKeywords } from './vocabulary.ts';

export interface SchemaSource {
  readonly schema: JsonSchema;
  /** The document that a `$ref` to another document names: absolute URI without fragment. */
  readonly resolve?: (uri: string) => JsonSchema | undefined;
}

/** A schema object and where it stands. `base` is the URI that its references are relative to. */
export interface Located {
  readonly id: number;
  readonly schema: SchemaObject;
  readonly base: string;
  /** JSON Pointer in the root document; `<uri>#<pointer>` in another one. */
  readonly path: string;
  /** Absolute URI, by which a validator finds it; undefined for a schema that was made up here. */
  readonly uri: string | undefined;
  /** Resources entered on the way, outermost first, for `$dynamicRef`; empty where there is none. */
  readonly scope: readonly string[];
}

const ROOT = 'schema:/root';
const MAX_DOCUMENTS = 1_000;

interface Place {
  readonly schema: JsonSchema;
  readonly base: string;
  readonly path: string;
  readonly uri: string;
}

export class Documents {
  readonly root: JsonSchema;
  readonly rootUri: string;
  /** Whole documents by URI, as a validator needs them. */
  readonly loaded = new Map<string, JsonSchema>();
  readonly #resolve: (uri: string) => JsonSchema | undefined;
  readonly #places = new Map<string, Place>();
  readonly #byObject = new Map<object, Place>();
  readonly #dynamic = new Set<string>();
  readonly #located = new Map<string, Located>();
  readonly #numbers = new Map<object, number>();
  #isDynamic = false;
  #count = 0;

  constructor(source: SchemaSource) {
    this.root = source.schema;
    this.#resolve = source.resolve ?? (() => undefined);
    const id = isObject(source.schema) && typeof source.schema['$id'] === 'string' ? source.schema['$id'] : '';
    this.rootUri = withoutFragment(new URL(id, ROOT).href);
    this.#load(this.rootUri, source.schema, '');
  }

  #load(uri: string, schema: JsonSchema, path: string): void {
    if (this.loaded.size >= MAX_DOCUMENTS) throw new MalformedSchema(path, `more than ${MAX_DOCUMENTS} documents`);
    this.loaded.set(uri, schema);
    this.#index({ schema, base: uri, path, uri: `${uri}#` });
  }

  #index(given: Place): void {
    const { schema, path } = given;
    if (!isObject(schema)) {
      this.#places.set(given.uri, given);
      return;
    }
    const id = schema['$id'];
    const base = typeof id === 'string' ? withoutFragment(new URL(id, given.base).href) : given.base;
    const uri = typeof id === 'string' ? `${base}#` : given.uri;
    const place = { schema, base, path, uri };
    this.#places.set(given.uri, place);
    this.#places.set(uri, place);
    if (this.#byObject.has(schema)) return;
    this.#byObject.set(schema, place);
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = schema[keyword];
      if (typeof name !== 'string') continue;
      this.#places.set(`${base}#${name}`, place);
      if (keyword === '$dynamicAnchor') this.#dynamic.add(`${base}#${name}`);
    }
    if (schema['$dynamicRef'] !== undefined) this.#isDynamic = true;
    for (const [keys, child] of subschemas(schema)) {
      const suffix = keys.map((key) => `/${token(key)}`).join('');
      this.#index({
        schema: child,
        base,
        path: `${path}${path === '' || path.includes('#') || path.startsWith('/') ? '' : '#'}${suffix}`,
        uri: `${uri}${encodePointer(suffix)}`,
      });
    }
  }

  start(): JsonSchema | Located {
    return isObject(this.root) ? this.locate(this.root, undefined) : this.root;
  }

  /** A schema that is the value of a keyword of `parent`, or the root. */
  locate(schema: SchemaObject, parent: Located | undefined): Located {
    const place = this.#byObject.get(schema);
    const base = place?.base ?? parent?.base ?? this.rootUri;
    const before = parent?.scope ?? [];
    const scope = !this.#isDynamic || before.includes(base) ? before : [...before, base];
    let number = this.#numbers.get(schema);
    if (number === undefined) this.#numbers.set(schema, (number = this.#numbers.size));
    const key = `${number} ${scope.join(' ')}`;
    const known = this.#located.get(key);
    if (known !== undefined) return known;
    if (place !== undefined) checkKeywords(schema, place.path);
    const made: Located = {
      id: (this.#count += 1),
      schema,
      base,
      scope,
      path: place?.path ?? parent?.path ?? '',
      uri: place?.uri,
    };
    this.#located.set(key, made);
    return made;
  }

  /** @throws {UnresolvedReference} */
  follow(from: Located, keyword: '$ref' | '$dynamicRef'): JsonSchema | Located {
    const reference = from.schema[keyword] as string;
    const path = `${from.path}/${keyword}`;
    const absolute = new URL(reference, from.base).href;
    const place = this.#find(absolute, path, reference);
    const name = absolute.slice(absolute.indexOf('#') + 1);
    if (keyword === '$dynamicRef' && this.#dynamic.has(`${place.base}#${name}`))
      for (const base of from.scope) {
        const outer = this.#places.get(`${base}#${name}`);
        if (outer !== undefined && this.#dynamic.has(`${base}#${name}`)) return this.#enter(outer, from);
      }
    return this.#enter(place, from);
  }

  #enter(place: Place, from: Located): JsonSchema | Located {
    return isObject(place.schema) ? this.locate(place.schema, from) : place.schema;
  }

  #find(absolute: string, path: string, reference: string): Place {
    const uri = withoutFragment(absolute);
    const fragment = absolute.slice(uri.length + 1);
    if (!this.#places.has(`${uri}#`)) {
      const document = this.#resolve(uri);
      if (document === undefined) throw new UnresolvedReference(reference, path);
      this.#load(uri, document, `${uri}#`);
    }
    const direct = this.#places.get(`${uri}#${fragment}`);
    if (direct !== undefined) return direct;
    if (fragment !== '' && !fragment.startsWith('/')) throw new UnresolvedReference(reference, path);
    // A pointer to a place that no keyword makes a schema, such as a schema kept under x-shared.
    let place = this.#places.get(`${uri}#`) as Place;
    let value: unknown = place.schema;
    const keys = fragment
      .split('/')
      .slice(1)
      .map((key) => untoken(decodeURIComponent(key)));
    for (const [index, key] of keys.entries()) {
      value = Array.isArray(value)
        ? value[Number(key)]
        : isObject(value) && Object.hasOwn(value, key)
          ? value[key]
          : undefined;
      const known = isObject(value) ? this.#byObject.get(value) : undefined;
      if (known !== undefined) place = known;
      else if (index === keys.length - 1 && (isObject(value) || typeof value === 'boolean'))
        this.#index({
          schema: value,
          base: place.base,
          path: `${place.path.includes('#') ? `${uri}#` : ''}${keys.map((one) => `/${token(one)}`).join('')}`,
          uri: `${uri}#${fragment}`,
        });
    }
    const found = this.#places.get(`${uri}#${fragment}`) ?? (isObject(value) ? this.#byObject.get(value) : undefined);
    if (found === undefined) throw new UnresolvedReference(reference, path);
    return found;
  }
}

const withoutFragment = (uri: string): string => uri.replace(/#.*$/s, '');
const encodePointer = (pointer: string): string => new URL(`#${pointer}`, ROOT).hash.slice(1) || pointer;

const ONE = [
  'not',
  'if',
  'then',
  'else',
  'items',
  'contains',
  'unevaluatedItems',
  'additionalProperties',
  'propertyNames',
  'unevaluatedProperties',
  'contentSchema',
];
const LIST = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const NAMED = ['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'];

/** The schemas that stand directly in a schema, each with the keys that lead to it. */
export function* subschemas(schema: SchemaObject): Generator<[readonly (string | number)[], JsonSchema], void> {
  const isSchema = (value: unknown): value is JsonSchema => typeof value === 'boolean' || isObject(value);
  for (const key of ONE) {
    const value = schema[key];
    if (isSchema(value)) yield [[key], value];
  }
  for (const key of LIST) {
    const value = schema[key];
    if (Array.isArray(value)) for (const [index, one] of value.entries()) if (isSchema(one)) yield [[key, index], one];
  }
  for (const key of NAMED) {
    const value = schema[key];
    if (isObject(value)) for (const [name, one] of Object.entries(value)) if (isSchema(one)) yield [[key, name], one];
  }
}
