/**
 * A schema as a graph: a node is what one place of the instance must be, an option one way (and one type) to be
 * it. Nodes refer to nodes, so recursion is a cycle. Costs settle which options can be finished at all.
 */
import { alternativesOf, type Conjunction } from './alternatives.ts';
import { Checker } from './checker.ts';
import { search, type Generator } from './choices.ts';
import { Documents, type Located, type SchemaSource } from './documents.ts';
import { EndlessSchema, MalformedSchema, UnsatisfiableSchema } from './errors.ts';
import type { JsonSchema, JsonValue } from './json.ts';
import { filtered, NotOpen, type Node, type Option, type Places } from './node.ts';
import { optionsOf } from './options.ts';

/** Places told apart in one schema. */
const MAX_NODES = 20_000;
/** Values drawn for one place before it is given up. */
const BUILD_TRIES = 400;

export class Graph implements Places {
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
        'scope' in schema && 'base' in schema ? (schema as Located) : this.documents.locate(schema, parent),
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
    const made: Node = { id: this.#all.length, path, of, options: [], cost: Infinity, usable: undefined };
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
    for (const node of nodes) {
      node.cost = Infinity;
      node.usable = undefined;
    }
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

  /** Opens the options, cheapest first; looks for one value of each that could not be built exactly. The rest are dead. */
  #prove(nodes: readonly Node[]): void {
    const costOf = (node: Node): number => node.cost;
    const all = nodes.flatMap((node) => node.options.map((option) => ({ node, option })));
    for (const { option } of all) if (option.accepts === undefined) option.draw = option.settle();
    const open = all.filter(({ option }) => option.accepts !== undefined && option.cost(costOf) < Infinity);
    for (const { node, option } of open.toSorted((a, b) => a.option.cost(costOf) - b.option.cost(costOf))) {
      if (option.cost(costOf) === Infinity) continue;
      option.draw = opened(option);
      option.isDead = option.draw === undefined;
      node.usable = undefined;
      if (option.isDead) this.#weigh(nodes);
    }
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

function opened(option: Option): Generator<JsonValue> | undefined {
  const draw = option.settle();
  const accepts = option.accepts as (value: JsonValue) => boolean;
  const attempt: Generator<{ readonly value: JsonValue } | undefined> = (from) => {
    try {
      return { value: draw(from) };
    } catch (error) {
      if (error instanceof NotOpen) return undefined;
      throw error;
    }
  };
  const found = search(attempt, (one) => one !== undefined && accepts(one.value), BUILD_TRIES)?.value;
  return found === undefined ? undefined : filtered(draw, accepts, found.value);
}
