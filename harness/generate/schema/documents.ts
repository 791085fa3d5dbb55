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
  /** It stands in a document, and was not made up here. */
  readonly isDeclared: boolean;
  /** Resources entered on the way, outermost first, that tell where a `$dynamicRef` leads; empty where there is none. */
  readonly scope: readonly string[];
}

const ROOT = 'schema:/root';
const MAX_DOCUMENTS = 1_000;
/** Schemas inside schemas; values are built by recursion. */
const MAX_NESTING = 400;

interface Place {
  readonly schema: JsonSchema;
  readonly base: string;
  readonly path: string;
  readonly uri: string;
}

export class Documents {
  readonly root: JsonSchema;
  readonly #loaded = new Set<string>();
  readonly #rootUri: string;
  readonly #resolve: (uri: string) => JsonSchema | undefined;
  readonly #places = new Map<string, Place>();
  readonly #byObject = new Map<object, Place>();
  /** The dynamic anchors of each resource. */
  readonly #dynamic = new Map<string, Set<string>>();
  readonly #located = new Map<string, Located>();
  readonly #numbers = new Map<object, number>();
  #isDynamic = false;
  #count = 0;

  constructor(source: SchemaSource) {
    this.root = source.schema;
    this.#resolve = source.resolve ?? (() => undefined);
    const id = isObject(source.schema) && typeof source.schema['$id'] === 'string' ? source.schema['$id'] : '';
    this.#rootUri = withoutFragment(absolute(id, ROOT, '/$id'));
    this.#load(this.#rootUri, source.schema, '');
    this.#loadAll();
  }

  /** Loads what is referred to, so that it is known from the start whether references are dynamic. */
  #loadAll(): void {
    const places = [...this.#byObject.values()];
    for (let at = 0; at < places.length; at += 1) {
      const { schema, base } = places[at] as Place;
      for (const keyword of ['$ref', '$dynamicRef']) {
        const reference = (schema as SchemaObject)[keyword];
        if (typeof reference !== 'string' || !URL.canParse(reference, base)) continue;
        const uri = withoutFragment(new URL(reference, base).href);
        if (this.#places.has(`${uri}#`)) continue;
        const document = this.#resolve(uri);
        if (document === undefined) continue; // an error where it is followed
        const before = this.#byObject.size;
        this.#load(uri, document, `${uri}#`);
        places.push(...[...this.#byObject.values()].slice(before));
      }
    }
  }

  #load(uri: string, schema: JsonSchema, path: string): void {
    if (this.#loaded.size >= MAX_DOCUMENTS) throw new MalformedSchema(path, `more than ${MAX_DOCUMENTS} documents`);
    this.#loaded.add(uri);
    this.#index({ schema, base: uri, path, uri: `${uri}#` }, 0);
  }

  #index(given: Place, nesting: number): void {
    const { schema, path } = given;
    if (nesting > MAX_NESTING) throw new MalformedSchema(path, `it is nested more than ${MAX_NESTING} deep`);
    if (!isObject(schema)) {
      this.#places.set(given.uri, given);
      return;
    }
    const id = schema['$id'];
    const base = typeof id === 'string' ? withoutFragment(absolute(id, given.base, `${path}/$id`)) : given.base;
    const uri = typeof id === 'string' ? `${base}#` : given.uri;
    const place = { schema, base, path, uri };
    this.#places.set(given.uri, place);
    if (this.#byObject.has(schema)) return;
    this.#byObject.set(schema, place);
    if (typeof id === 'string') this.#name(uri, place, '$id');
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const name = schema[keyword];
      if (typeof name !== 'string') continue;
      this.#name(`${base}#${name}`, place, keyword);
      if (keyword === '$dynamicAnchor') this.#dynamic.set(base, (this.#dynamic.get(base) ?? new Set()).add(name));
    }
    if (schema['$dynamicRef'] !== undefined) this.#isDynamic = true;
    for (const [keys, child] of subschemas(schema)) {
      const suffix = keys.map((key) => `/${token(key)}`).join('');
      this.#index(
        {
          schema: child,
          base,
          path: `${path}${path === '' || path.includes('#') || path.startsWith('/') ? '' : '#'}${suffix}`,
          uri: `${uri}${encodePointer(suffix)}`,
        },
        nesting + 1,
      );
    }
  }

  #name(uri: string, place: Place, keyword: string): void {
    const known = this.#places.get(uri);
    if (known !== undefined && known.schema !== place.schema)
      throw new MalformedSchema(
        `${place.path}/${keyword}`,
        `"${String((place.schema as SchemaObject)[keyword])}" names another schema as well, at "${known.path}"`,
      );
    this.#places.set(uri, place);
  }

  start(): boolean | Located {
    return isObject(this.root) ? this.locate(this.root, undefined) : this.root;
  }

  /** A schema that is the value of a keyword of `parent`, or the root. */
  locate(schema: SchemaObject, parent: Located | undefined): Located {
    const place = this.#byObject.get(schema);
    const base = place?.base ?? parent?.base ?? this.#rootUri;
    const before = parent?.scope ?? [];
    const scope = this.#isDynamic && this.#addsTo(before, base) ? [...before, base] : before;
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
      isDeclared: place !== undefined,
    };
    this.#located.set(key, made);
    return made;
  }

  /** Whether a resource has a dynamic anchor that no resource entered before it has. */
  #addsTo(scope: readonly string[], base: string): boolean {
    return [...(this.#dynamic.get(base) ?? [])].some((name) => scope.every((one) => !this.#hasDynamic(one, name)));
  }

  #hasDynamic(base: string, name: string): boolean {
    return this.#dynamic.get(base)?.has(name) === true;
  }

  /** @throws {UnresolvedReference} */
  follow(from: Located, keyword: '$ref' | '$dynamicRef'): boolean | Located {
    const reference = from.schema[keyword] as string;
    const path = `${from.path}/${keyword}`;
    const target = absolute(reference, from.base, path);
    const place = this.#find(target, path, reference);
    const name = target.slice(target.indexOf('#') + 1);
    if (keyword === '$dynamicRef' && this.#hasDynamic(place.base, name))
      for (const base of from.scope) {
        const outer = this.#places.get(`${base}#${name}`);
        if (outer !== undefined && this.#hasDynamic(base, name)) return this.#enter(outer, from);
      }
    return this.#enter(place, from);
  }

  #enter(place: Place, from: Located): boolean | Located {
    return isObject(place.schema) ? this.locate(place.schema, from) : place.schema;
  }

  #find(target: string, path: string, reference: string): Place {
    const uri = withoutFragment(target);
    const fragment = target.slice(uri.length + 1);
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
      .map((key) => untoken(decoded(key)));
    for (const [index, key] of keys.entries()) {
      value = Array.isArray(value)
        ? value[Number(key)]
        : isObject(value) && Object.hasOwn(value, key)
          ? value[key]
          : undefined;
      const known = isObject(value) ? this.#byObject.get(value) : undefined;
      if (known !== undefined) place = known;
      else if (index === keys.length - 1 && (isObject(value) || typeof value === 'boolean'))
        this.#index(
          {
            schema: value,
            base: place.base,
            path: `${place.path.includes('#') ? `${uri}#` : ''}${keys.map((one) => `/${token(one)}`).join('')}`,
            uri: `${uri}#${fragment}`,
          },
          0,
        );
    }
    const found = this.#places.get(`${uri}#${fragment}`) ?? (isObject(value) ? this.#byObject.get(value) : undefined);
    if (found === undefined) throw new UnresolvedReference(reference, path);
    return found;
  }
}

const withoutFragment = (uri: string): string => uri.replace(/#.*$/s, '');

/** @throws {MalformedSchema} where it is no URI reference */
function absolute(reference: string, base: string, path: string): string {
  const parsed = URL.parse(reference, base);
  if (parsed === null) throw new MalformedSchema(path, `${JSON.stringify(reference)} is no URI reference to "${base}"`);
  return parsed.href;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

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
