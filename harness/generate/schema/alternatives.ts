/**
 * What must hold of one instance, with all choices made: schemas are flattened (`$ref`, `allOf`), and each way
 * through `anyOf`, `oneOf`, `if` and `dependentSchemas` is an alternative of its own.
 */
import type { Documents, Located } from './documents.ts';
import type { JsonSchema } from './json.ts';
import { opposites } from './opposites.ts';
import { isLocated, list, way, type Demand, type Given, type Way } from './way.ts';

/** Ways through the choices of one instance. More, and only a part of them is generated. */
const MAX_ALTERNATIVES = 128;

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
