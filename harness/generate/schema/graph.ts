/**
 * A schema as a graph: a node is what one place of the instance must be, an option one way (and one type) to be
 * it. Nodes refer to nodes, so recursion is a cycle. Costs settle which options can be finished at all.
 */
import { alternativesOf, type Alternative, type Conjunction } from './alternatives.ts';
import { Checker } from './checker.ts';
import { search, type Draw, type Generator } from './choices.ts';
import { Documents, type Located, type SchemaSource } from './documents.ts';
import { EndlessSchema, MalformedSchema, UnsatisfiableSchema } from './errors.ts';
import { copy, type JsonSchema, type JsonValue } from './json.ts';
import { optionsOf } from './options.ts';

/** Places told apart in one schema. */
const MAX_NODES = 20_000;
/** Values drawn for one place before it is given up, when building; and for one value, when drawing. */
const BUILD_TRIES = 400;
const DRAW_TRIES = 25;
/** How often a place may stand inside itself before the simplest is taken. */
const MAX_DEPTH = 3;

export interface Node {
  readonly id: number;
  readonly path: string;
  readonly of: Conjunction;
  options: readonly Option[];
  cost: number;
}

export interface Option {
  readonly kind: string;
  /** Its type is one that the keywords speak about. */
  readonly meant: boolean;
  readonly alternative: Alternative;
  readonly places: () => readonly Place[];
  /** Size of the smallest value; Infinity where there is none, as far as the children's costs tell. */
  readonly cost: (costOf: (node: Node) => number) => number;
  /** Gets the costs; returns what draws a value. */
  readonly settle: (override?: Override) => Generator<JsonValue>;
  /** What the value must still pass, since it could not be built exactly. */
  readonly accepts: ((value: JsonValue) => boolean) | undefined;
  draw: Generator<JsonValue> | undefined;
  isDead: boolean;
}

/** A member or element that is made in another way, and must be there. */
export interface Override {
  readonly key: string | number;
  readonly draw: Generator<JsonValue>;
}

/** A member or element that an option's values can have. */
export interface Place {
  readonly key: string | number;
  readonly node: Node;
}

export class Graph {
  readonly documents: Documents;
  readonly checker: Checker;
  readonly root: Node;
  readonly #nodes = new Map<string, Node>();
  readonly #all: Node[] = [];
  #settled = 0;

  constructor(source: SchemaSource) {
    this.documents = new Documents(source);
    this.checker = new Checker(this.documents);
    this.root = this.node([this.documents.start()], undefined);
    this.settle(this.root);
  }

  /** The place at which all of the schemas hold. */
  node(schemas: readonly (JsonSchema | Located)[], parent: Located | undefined): Node {
    const positives = new Set<Located>();
    for (const schema of schemas) {
      if (schema === true) continue;
      if (schema === false)
        return this.#intern('false', { positives: [], negatives: [], demands: [{ notTypes: 127 }] }, parent);
      positives.add(
        'scope' in schema && 'base' in schema ? (schema as Located) : this.documents.locate(schema as never, parent),
      );
    }
    const list = [...positives].toSorted((a, b) => a.id - b.id);
    return this.#intern(
      list.map((one) => one.id).join(),
      { positives: list, negatives: [], demands: [] },
      list[0] ?? parent,
    );
  }

  #intern(key: string, of: Conjunction, parent: Located | undefined): Node {
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    const made = this.#add(of, parent);
    this.#nodes.set(key, made);
    return made;
  }

  /** A place of its own, told apart from all others. */
  place(of: Conjunction, parent: Located | undefined): Node {
    return this.#add(of, parent);
  }

  #add(of: Conjunction, parent: Located | undefined): Node {
    const path = parent?.path ?? '';
    if (this.#all.length >= MAX_NODES) throw new MalformedSchema(path, `it has more than ${MAX_NODES} places`);
    const made: Node = { id: this.#all.length, path, of, options: [], cost: Infinity };
    this.#all.push(made);
    return made;
  }

  /** A place of its own, settled; undefined where no value fits. */
  apart(of: Conjunction): Node | undefined {
    const node = this.#add(of, of.positives[0]);
    try {
      this.settle(node);
    } catch (error) {
      if (error instanceof UnsatisfiableSchema || error instanceof EndlessSchema) return undefined;
      throw error;
    }
    return node;
  }

  /** Expands all nodes and works out costs. @throws {UnsatisfiableSchema | EndlessSchema} where `node` has no value */
  settle(node: Node): void {
    const from = this.#settled;
    for (; this.#settled < this.#all.length; this.#settled += 1) {
      const one = this.#all[this.#settled] as Node;
      one.options = alternativesOf(one.of, this.documents).flatMap((alternative) => optionsOf(alternative, this));
    }
    const fresh = this.#all.slice(from);
    this.#weigh(fresh);
    this.#prove(fresh);
    if (node.cost < Infinity) return;
    throw this.#couldBe(node)
      ? new EndlessSchema(node.path)
      : new UnsatisfiableSchema(node.path, 'no value satisfies it, or none was found');
  }

  /** The least fixed point: what can be finished, and how cheaply. */
  #weigh(nodes: readonly Node[]): void {
    for (const node of nodes) node.cost = Infinity;
    const costOf = (node: Node): number => node.cost;
    for (let changed = true; changed;) {
      changed = false;
      for (const node of nodes)
        for (const option of node.options) {
          if (option.isDead) continue;
          const cost = option.cost(costOf);
          if (cost >= node.cost) continue;
          node.cost = cost;
          changed = true;
        }
    }
    for (const node of nodes)
      node.options = node.options.toSorted(
        (a, b) => Number(b.meant) - Number(a.meant) || a.cost(costOf) - b.cost(costOf),
      );
  }

  /** Looks for one value of each option that could not be built exactly, cheapest first; the rest are dead. */
  #prove(nodes: readonly Node[]): void {
    const costOf = (node: Node): number => node.cost;
    const open = nodes.flatMap((node) => node.options).filter((option) => option.cost(costOf) < Infinity);
    for (const option of open.toSorted((a, b) => a.cost(costOf) - b.cost(costOf))) {
      if (option.draw !== undefined || option.isDead || option.cost(costOf) === Infinity) continue;
      if (this.#open(option)) continue;
      option.isDead = true;
      this.#weigh(nodes);
    }
  }

  #open(option: Option): boolean {
    const draw = option.settle();
    const { accepts } = option;
    option.draw = draw;
    if (accepts === undefined) return true;
    const found = search(draw, accepts, BUILD_TRIES);
    option.draw = found === undefined ? undefined : filtered(draw, accepts, found.value);
    return found !== undefined;
  }

  /** The greatest fixed point: what fails only because it never ends. */
  #couldBe(node: Node): boolean {
    const alive = new Set(this.#all);
    for (let changed = true; changed;) {
      changed = false;
      for (const one of alive) {
        const cost = (child: Node): number => (alive.has(child) ? 1 : Infinity);
        if (one.options.some((option) => !option.isDead && option.cost(cost) < Infinity)) continue;
        alive.delete(one);
        changed = true;
      }
    }
    return alive.has(node);
  }
}

/** Draws until one is accepted; after a bounded number of tries takes the value known to be. */
export function filtered(
  draw: Generator<JsonValue>,
  accepts: (value: JsonValue) => boolean,
  known: JsonValue,
): Generator<JsonValue> {
  return (from) => {
    if (from.simplest || from.int(31) === 0) return copy(known);
    const start = from.position;
    const { visits } = from;
    for (let attempt = 0; attempt < (from.replaying ? 1 : DRAW_TRIES); attempt += 1) {
      const value = draw(from);
      if (accepts(value)) return value;
      from.rewind(start);
      from.visits = visits;
    }
    return copy(known);
  };
}

/** Draws a value of the node. */
export function drawNode(node: Node, draw: Draw): JsonValue {
  const depth = draw.active[node.id] ?? 0;
  draw.visits += 1;
  if (draw.simplest || depth >= MAX_DEPTH) return draw.simply(() => drawOption(node, draw));
  draw.active[node.id] = depth + 1;
  const start = draw.position;
  const value = drawOption(node, draw);
  draw.close(start);
  draw.active[node.id] = depth;
  return value;
}

function drawOption(node: Node, draw: Draw): JsonValue {
  const { usable, meant } = usableOf(node);
  if (usable.length === 1) return (usable[0] as Generator<JsonValue>)(draw);
  const among = meant === usable.length || meant === 0 || draw.int(19) < 19 ? meant || usable.length : usable.length;
  return (usable[draw.int(among - 1)] as Generator<JsonValue>)(draw);
}

const usables = new WeakMap<readonly Option[], { usable: Generator<JsonValue>[]; meant: number }>();
function usableOf(node: Node): { readonly usable: readonly Generator<JsonValue>[]; readonly meant: number } {
  let found = usables.get(node.options);
  if (found === undefined) {
    const live = node.options.filter((option) => !option.isDead && option.draw !== undefined);
    const draws = live.map((option) => option.draw as Generator<JsonValue>);
    found = { usable: draws, meant: live.filter((option) => option.meant).length };
    usables.set(node.options, found);
  }
  return found;
}
