/**
 * What must hold of one instance, with all choices made: schemas are flattened (`$ref`, `allOf`), and each way
 * through `anyOf`, `oneOf`, `if` and `dependentSchemas` is an alternative of its own.
 */
import type { Documents, Located } from './documents.ts';
import { type JsonSchema, type JsonValue, type SchemaObject } from './json.ts';
import { speaksOf } from './vocabulary.ts';

/** Ways through the choices of one instance. More, and only a part of them is generated. */
const MAX_ALTERNATIVES = 128;

/** Demands that no keyword of JSON Schema makes; they stand in for a keyword's opposite. */
export interface Demand {
  readonly notTypes?: number;
  readonly notValues?: readonly JsonValue[];
  readonly notPattern?: string;
  readonly notMultipleOf?: number;
  readonly forbidden?: string;
  /** Members whose names no `properties` or `patternProperties` knows. */
  readonly extras?: number;
  /** Those names must obey this. */
  readonly extraNames?: SchemaObject;
  /** Two elements must be equal. */
  readonly repeated?: true;
}

/** A schema that the instance must satisfy, without its in-place applicators. */
export interface Entry {
  readonly located: Located;
  /** Entries that applied it to the same instance, itself included. */
  readonly under: Set<Entry>;
}

export interface Alternative {
  readonly entries: readonly Entry[];
  /** Must not hold. */
  readonly negatives: readonly Located[];
  readonly demands: readonly Demand[];
}

/** What one instance must be, before choices are made. */
export interface Conjunction {
  readonly positives: readonly Located[];
  readonly negatives: readonly Located[];
  readonly demands: readonly Demand[];
  /** A schema to read in place of another. */
  readonly instead?: ReadonlyMap<Located, Located>;
}

type Given = JsonSchema | Located;
export interface Way {
  readonly positives: readonly Given[];
  readonly negatives: readonly Given[];
  readonly demands: readonly Demand[];
}
interface Choice {
  readonly by: Entry | undefined;
  readonly options: readonly Way[];
}
interface Partial {
  readonly entries: readonly Entry[];
  readonly negatives: readonly Located[];
  readonly demands: readonly Demand[];
  readonly choices: readonly Choice[];
}

export const TYPE_BITS: Readonly<Record<string, number>> = {
  null: 1,
  boolean: 2,
  integer: 4,
  number: 4 | 8,
  string: 16,
  array: 32,
  object: 64,
};
export const ANY_TYPE = 127;

export const typeMask = (type: unknown): number =>
  [type].flat().reduce<number>((mask, one) => mask | (TYPE_BITS[one as string] ?? 0), 0);

const isLocated = (given: Given): given is Located => typeof given === 'object' && 'scope' in given && 'base' in given;
export const way = (
  positives: readonly Given[],
  negatives: readonly Given[] = [],
  demands: readonly Demand[] = [],
): Way => ({ positives, negatives, demands });

export function alternativesOf(of: Conjunction, documents: Documents): readonly Alternative[] {
  const expansion = new Expansion(documents, of.instead);
  const start = expansion.add(
    { entries: [], negatives: [], demands: [], choices: [] },
    way(of.positives, of.negatives, of.demands),
    undefined,
  );
  if (start === undefined) return [];
  const needed = [...(of.instead?.values() ?? [])];
  return expansion
    .ways(start)
    .filter(({ entries }) => needed.every((one) => entries.some((entry) => entry.located === one)));
}

class Expansion {
  readonly #documents: Documents;
  readonly #instead: ReadonlyMap<Located, Located> | undefined;

  constructor(documents: Documents, instead: ReadonlyMap<Located, Located> | undefined) {
    this.#documents = documents;
    this.#instead = instead;
  }

  ways(start: Partial): Alternative[] {
    const done: Alternative[] = [];
    let open = [start];
    while (open.length > 0 && done.length < MAX_ALTERNATIVES) {
      const next: Partial[] = [];
      for (const partial of open) {
        const [choice, ...rest] = partial.choices;
        if (choice === undefined) {
          done.push(partial);
          continue;
        }
        for (const one of choice.options) {
          const way = this.add({ ...fresh(partial), choices: rest }, one, choice.by);
          if (way !== undefined) next.push(way);
        }
      }
      open = next.length > MAX_ALTERNATIVES ? thin(next) : next;
    }
    return done.slice(0, MAX_ALTERNATIVES);
  }

  /** @returns undefined where nothing can satisfy it */
  add(partial: Partial, given: Way, by: Entry | undefined): Partial | undefined {
    const entries = [...partial.entries];
    const negatives = [...partial.negatives];
    const demands = [...partial.demands, ...given.demands];
    const choices = [...partial.choices];
    const state = { entries, negatives, demands, choices };
    const parents = by === undefined ? [] : sameOf(entries, by).under;
    for (const one of given.positives) if (!this.#positive(one, parents, state)) return undefined;
    for (const one of given.negatives) if (!this.#negative(one, state)) return undefined;
    return state;
  }

  #locate(given: Given, parent: Located | undefined): Located | boolean {
    if (typeof given === 'boolean') return given;
    const located = isLocated(given) ? given : this.#documents.locate(given, parent);
    return this.#instead?.get(located) ?? located;
  }

  #positive(given: Given, parents: Iterable<Entry>, state: Mutable, from?: Located): boolean {
    const located = this.#locate(given, from ?? [...parents].at(0)?.located);
    if (typeof located === 'boolean') return located;
    const known = state.entries.find((entry) => entry.located === located);
    if (known !== undefined) {
      for (const parent of parents) known.under.add(parent);
      return true;
    }
    const entry: Entry = { located, under: new Set(parents) };
    entry.under.add(entry);
    state.entries.push(entry);
    const { schema } = located;
    for (const keyword of ['$ref', '$dynamicRef'] as const)
      if (
        schema[keyword] !== undefined &&
        !this.#positive(this.#documents.follow(located, keyword), entry.under, state)
      )
        return false;
    for (const one of list(schema['allOf'])) if (!this.#positive(one, entry.under, state, located)) return false;
    if (schema['not'] !== undefined && !this.#negative(schema['not'] as JsonSchema, state, located)) return false;
    const choose = (...options: Way[]): void =>
      void state.choices.push({ by: entry, options: options.map((one) => this.#place(one, located)) });
    const anyOf = list(schema['anyOf']);
    if (anyOf.length > 0) choose(...anyOf.map((one) => way([one])));
    const oneOf = list(schema['oneOf']);
    if (oneOf.length > 0) choose(...oneOf.map((one, index) => way([one], oneOf.toSpliced(index, 1))));
    const test = schema['if'] as JsonSchema | undefined;
    if (test !== undefined && (schema['then'] !== undefined || schema['else'] !== undefined))
      choose(
        way([test, (schema['then'] ?? true) as JsonSchema]),
        way([(schema['else'] ?? true) as JsonSchema], [test]),
      );
    for (const [name, one] of Object.entries((schema['dependentSchemas'] ?? {}) as Record<string, JsonSchema>))
      choose(way([], [], [{ forbidden: name }]), way([{ required: [name] }, one]));
    return true;
  }

  /** Gives each schema of an option its place while its parent is known. */
  #place(one: Way, parent: Located): Way {
    const place = (given: Given): Given => {
      const located = this.#locate(given, parent);
      return located;
    };
    return { ...one, positives: one.positives.map(place), negatives: one.negatives.map(place) };
  }

  #negative(given: Given, state: Mutable, from?: Located): boolean {
    const located = this.#locate(given, from);
    if (typeof located === 'boolean') return !located;
    if (state.negatives.includes(located)) return true;
    state.negatives.push(located);
    const options = opposites(located.schema).map((one) => this.#place(one, located));
    if (options.length === 1) {
      const [only] = options as [Way];
      if (only.positives.length === 0 && only.negatives.length === 0) {
        state.demands.push(...only.demands);
        return true;
      }
    }
    if (options.length > 0) state.choices.push({ by: undefined, options });
    return true;
  }
}

type Mutable = { -readonly [K in keyof Partial]: Partial[K] extends readonly (infer T)[] ? T[] : never };

const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);

/** Entries of its own for each way, since a way adds to what they stand under. */
function fresh(partial: Partial): Partial {
  const copies = new Map<Entry, Entry>(
    partial.entries.map((entry) => [entry, { located: entry.located, under: new Set<Entry>() }]),
  );
  for (const [entry, made] of copies) for (const above of entry.under) made.under.add(copies.get(above) ?? above);
  return { ...partial, entries: [...copies.values()] };
}

const sameOf = (entries: readonly Entry[], entry: Entry): Entry =>
  entries.find((one) => one.located === entry.located) ?? entry;

/** A part of too many ways, spread evenly. */
const thin = (ways: readonly Partial[]): Partial[] =>
  Array.from({ length: MAX_ALTERNATIVES }, (_, i) => ways[Math.floor((i * ways.length) / MAX_ALTERNATIVES)] as Partial);

/**
 * Ways to break a schema, one for each of its keywords, as far as they can be built. Where a keyword's
 * opposite cannot be built, one way is left open: the result is tested and thrown away when it holds.
 */
export function opposites(schema: SchemaObject): readonly Way[] {
  const out: Way[] = [];
  let open = false;
  for (const keyword of Object.keys(schema)) {
    const made = opposite(keyword, schema);
    if (made === undefined) {
      if (keyword !== 'then' && keyword !== 'else' && !NEUTRAL.has(keyword)) open = true;
    } else out.push(...made);
  }
  return open ? [...out, way([])] : out;
}

const NEUTRAL = new Set([
  '$schema',
  '$id',
  '$anchor',
  '$dynamicAnchor',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'minContains',
  'maxContains',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  '$vocabulary',
]);

/** Ways to break one keyword; undefined where none can be built. */
export function opposite(keyword: string, schema: SchemaObject): readonly Way[] | undefined {
  const value = schema[keyword];
  const type = speaksOf(keyword);
  const with_ = (facts: SchemaObject): Way[] => [way([{ type, ...facts }])];
  const number = value as number;
  switch (keyword) {
    case 'type':
      return [way([], [], [{ notTypes: typeMask(value) }])];
    case 'const':
      return [way([], [], [{ notValues: [value as JsonValue] }])];
    case 'enum':
      return [way([], [], [{ notValues: value as JsonValue[] }])];
    case 'minimum':
      return with_({ exclusiveMaximum: number });
    case 'maximum':
      return with_({ exclusiveMinimum: number });
    case 'exclusiveMinimum':
      return with_({ maximum: number });
    case 'exclusiveMaximum':
      return with_({ minimum: number });
    case 'multipleOf':
      return [way([{ type }], [], [{ notMultipleOf: number }])];
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return number === 0 ? [] : with_({ [keyword.replace('min', 'max')]: number - 1 });
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return with_({ [keyword.replace('max', 'min')]: number + 1 });
    case 'pattern':
      return [way([{ type }], [], [{ notPattern: value as string }])];
    case 'required':
      return (value as string[]).map((name) => way([{ type }], [], [{ forbidden: name }]));
    case 'dependentRequired':
      return Object.entries(value as Record<string, string[]>).flatMap(([name, needs]) =>
        needs.map((need) => way([{ type, required: [name] }], [], [{ forbidden: need }])),
      );
    case 'properties':
      return Object.entries(value as Record<string, JsonSchema>).map(([name, one]) =>
        way([{ type, required: [name], properties: { [name]: { not: one } } }]),
      );
    case 'uniqueItems':
      return value === true ? [way([{ type, minItems: 2 }], [], [{ repeated: true }])] : [];
    case 'contains':
      return (schema['minContains'] ?? 1) === 0 ? undefined : [way([{ type, items: { not: value as JsonSchema } }])];
    case 'propertyNames':
      return [way([{ type }], [], [{ extras: 1, extraNames: { not: value } }])];
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return value === false ? [way([{ type }], [], [{ extras: 1 }])] : undefined;
    case 'items':
      if (value === false) return with_({ minItems: list(schema['prefixItems']).length + 1 });
      return [way([{ type, minItems: 1 + list(schema['prefixItems']).length, items: { not: value as JsonSchema } }])];
    case 'not':
      return [way([value as JsonSchema])];
    case 'allOf':
      return list(value).map((one) => way([], [one]));
    case 'anyOf':
      return [way([], list(value))];
    default:
      return undefined;
  }
}
