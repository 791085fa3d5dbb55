/** One try at breaking a keyword at one place of the instance, and nothing else with it. */
import type { Conjunction, Entry } from './alternatives.ts';
import { relaxed, type Break } from './breaks.ts';
import type { Failure } from './checker.ts';
import { search, type Generator } from './choices.ts';
import type { Located } from './documents.ts';
import { UnsupportedKeyword, UnsupportedPattern } from './errors.ts';
import type { Graph } from './graph.ts';
import { drawNode, filtered, type Node, type Option } from './node.ts';
import { misspelt } from './misspelt.ts';
import { token, type JsonValue, type SchemaObject } from './json.ts';
import type { Way } from './way.ts';

const TRIES = 120;

/** One keyword that can be broken at one place of the instance. */
export interface Violation {
  /** As in the schema; `false schema` for a member that may not be there at all. */
  readonly keyword: string;
  /** JSON Pointer into the instance; that of the object for `required` and all that counts or names members. */
  readonly path: string;
  /** JSON Pointer into the schema, with the name's index for `required`; `<uri>#<pointer>` in another document. */
  readonly schemaPath: string;
  /** Nothing else is broken with it, but for what contains it (`anyOf`, `oneOf`, `if` …). */
  readonly alone: boolean;
}

export type Place = Omit<Violation, 'alone'>;

export interface Broken {
  readonly violation: Violation;
  readonly draw: Generator<JsonValue>;
}

export interface Step {
  readonly option: Option;
  readonly key: string | number;
}

/** One keyword at one place, on one way from the root. */
export class Attempt {
  readonly #graph: Graph;
  readonly #node: Node;
  readonly #entry: Entry;
  readonly #broken: Break;
  readonly place: Place;
  readonly #route: readonly Step[];

  constructor(graph: Graph, node: Node, entry: Entry, broken: Break, place: Place, route: readonly Step[]) {
    this.#graph = graph;
    this.#node = node;
    this.#entry = entry;
    this.#broken = broken;
    this.place = place;
    this.#route = route;
  }

  /** Alone; else with its siblings at the same place; else with anything. */
  best(onlyAlone: boolean): Broken | undefined {
    const exact = this.#generators(new Map([[this.#entry.located, this.#broken.without]]));
    const near = NEARLY.has(this.#broken.keyword) ? this.#near() : [];
    const alone = this.#found([...near, ...exact], (others) => others.every((error) => this.#follows(error)));
    if (alone !== undefined) return { violation: { ...this.place, alone: true }, draw: alone };
    if (onlyAlone) return undefined;
    const draw =
      this.#found(this.#relaxed(), (others) =>
        others.every((error) => error.path === this.place.path || this.#follows(error)),
      ) ?? this.#found(exact, () => true);
    return draw === undefined ? undefined : { violation: { ...this.place, alone: false }, draw };
  }

  /** Valid values in which there is something at the place. */
  whole(): Generator<JsonValue> | undefined {
    const draw = this.#within((inner) => drawNode(this.#node, inner));
    const accepts = (value: JsonValue): boolean => this.#graph.checker.failures(value).length === 0;
    const known = search(draw, accepts, TRIES);
    return known === undefined ? undefined : filtered(draw, accepts, known.value);
  }

  #relaxed(): Generator<JsonValue>[] {
    const option = this.#node.options.find((one) => one.alternative.entries.includes(this.#entry)) as Option;
    const instead = new Map<Located, SchemaObject>();
    for (const { located } of option.alternative.entries) {
      const from = located === this.#entry.located ? this.#broken.without : located.schema;
      instead.set(located, relaxed(from, this.#broken));
    }
    return this.#generators(instead);
  }

  #generators(instead: ReadonlyMap<Located, SchemaObject>): Generator<JsonValue>[] {
    return this.#broken.ways.flatMap((way) => {
      const node = this.#apart(way, instead);
      if (node === undefined) return [];
      return [this.#within((draw) => drawNode(node, draw))];
    });
  }

  /** Undefined where there is no such value, or where nothing can generate one: a pattern may be easy to meet and hard to miss. */
  #apart(way: Way, instead: ReadonlyMap<Located, SchemaObject>): Node | undefined {
    try {
      return this.#graph.apart(this.#conjunction(way, instead));
    } catch (cause) {
      if (cause instanceof UnsupportedPattern || cause instanceof UnsupportedKeyword) return undefined;
      throw cause;
    }
  }

  /** Valid texts with one character too many, too few or wrong. */
  #near(): Generator<JsonValue>[] {
    return [
      this.#within((draw) => {
        const text = drawNode(this.#node, draw);
        return typeof text === 'string' ? misspelt(text, draw) : text;
      }),
    ];
  }

  /** The value at the end of the route, in a value that is otherwise valid. */
  #within(innermost: Generator<JsonValue>): Generator<JsonValue> {
    return this.#route.reduceRight((draw, { option, key }) => option.settle({ key, draw }), innermost);
  }

  #conjunction(way: Way, instead: ReadonlyMap<Located, SchemaObject>): Conjunction {
    const { documents } = this.#graph;
    const { located } = this.#entry;
    const place = (given: Way['positives'][number]): Located | boolean =>
      typeof given === 'boolean'
        ? given
        : 'base' in given && 'scope' in given
          ? (given as Located)
          : documents.locate(given, located);
    const positives = way.positives.map(place);
    const negatives = way.negatives.map(place);
    const dead = positives.includes(false) || negatives.includes(true);
    const { of } = this.#node;
    return {
      positives: [...of.positives, ...positives.filter((one) => typeof one !== 'boolean')],
      negatives: [...of.negatives, ...negatives.filter((one) => typeof one !== 'boolean')],
      demands: [...of.demands, ...way.demands, ...(dead ? [{ notTypes: 127 }] : [])],
      instead: new Map([...instead].map(([from, schema]) => [from, documents.locate(schema, from)])),
    };
  }

  /** What draws values that break the keyword, and otherwise only what `tolerates` tolerates. */
  #found(
    generators: readonly Generator<JsonValue>[],
    tolerates: (others: readonly Failure[]) => boolean,
  ): Generator<JsonValue> | undefined {
    const accepts = (value: JsonValue): boolean => {
      const errors = this.#graph.checker.failures(value);
      return (
        errors.some((error) => this.#isPlanned(error)) && tolerates(errors.filter((error) => !this.#isPlanned(error)))
      );
    };
    const found = generators.flatMap((draw) => {
      const known = search(draw, accepts, TRIES);
      return known === undefined ? [] : [filtered(draw, accepts, known.value)];
    });
    const [first] = found;
    if (first === undefined || found.length === 1) return first;
    return (draw) => (found[draw.int(found.length - 1)] ?? first)(draw);
  }

  #isPlanned(error: Failure): boolean {
    const { keyword, path } = this.place;
    // Without prefixItems, ajv tells of `items: false` at the element.
    if (keyword === 'items' && error.keyword === 'false schema') return error.path.startsWith(`${path}/`);
    if (error.path !== path || error.keyword !== (REPORTED_AS[keyword] ?? keyword)) return false;
    if (keyword === 'false schema') return true;
    if (error.schema !== (this.#broken.owner ?? this.#entry.located.schema)) return false;
    const { missing } = this.#broken;
    return missing === undefined || error.missing === missing;
  }

  /** Whether an error is but the consequence: of what contains the place, or told of a branch or element on the way. */
  #follows(error: Failure): boolean {
    const { path, keyword } = this.place;
    const isAbove = path === error.path || path.startsWith(`${error.path}/`);
    if (isAbove && CONTAINERS.has(error.keyword)) return true;
    if (keyword === 'propertyNames' && error.ofName) return true;
    if (BRANCHING.has(keyword)) return error.path === path || error.path.startsWith(`${path}/`);
    return this.#inBranch && error.path.startsWith(this.#branchPath);
  }

  /** The place is under a branch of `anyOf` or `oneOf`: then ajv tells of the other branches too. */
  get #inBranch(): boolean {
    return this.#branchDepth >= 0;
  }

  get #branchPath(): string {
    return this.#route
      .slice(0, this.#branchDepth)
      .map(({ key }) => `/${token(key)}`)
      .join('');
  }

  get #branchDepth(): number {
    const holders = [...this.#route.map((step) => step.option.alternative.entries), [...this.#entry.under]];
    return holders.findIndex((entries) =>
      entries.some(({ located: { schema } }) => schema['anyOf'] !== undefined || schema['oneOf'] !== undefined),
    );
  }
}

/** Keywords whose near misses tell most of how strictly they are checked. */
const NEARLY = new Set(['pattern', 'format']);

/** Names under which ajv reports a keyword. */
const REPORTED_AS: Readonly<Record<string, string>> = { minContains: 'contains', maxContains: 'contains' };
/** Keywords that fail because something inside them does. */
const CONTAINERS = new Set(['anyOf', 'oneOf', 'if', 'propertyNames', 'contains', 'not']);
/** Keywords of which ajv reports every branch, element or name that failed. */
const BRANCHING = new Set(['anyOf', 'oneOf', 'not', 'contains', 'minContains', 'maxContains']);
