/** Places of a schema, the ways to fill them, and how a value is drawn from them. */
import type { Alternative, Conjunction } from './alternatives.ts';
import type { Checker } from './checker.ts';
import type { Draw, Generator } from './choices.ts';
import type { Documents, Located } from './documents.ts';
import type { Language } from './language.ts';
import type { Numbers } from './number.ts';
import { copy, type JsonSchema, type JsonValue } from './json.ts';

/** Tries for one value, where it could not be built exactly. */
const DRAW_TRIES = 25;
/** How often a place may stand inside itself before the simplest is taken. */
const MAX_DEPTH = 3;
/** One in so many values, where no type is named, is of a type that no keyword speaks about. */
const RARELY = 19;

export interface Node {
  readonly id: number;
  readonly path: string;
  readonly of: Conjunction;
  options: readonly Option[];
  cost: number;
  /** What draws its values; worked out anew when an option opens or dies. */
  usable: Usable | undefined;
}

interface Usable {
  readonly draws: readonly Generator<JsonValue>[];
  /** So many of them, the first, are of a type that is meant. */
  readonly meant: number;
}

export interface Option extends Shape {
  readonly kind: string;
  /** Its type is one that the keywords speak about. */
  readonly meant: boolean;
  readonly alternative: Alternative;
  /** What draws its values; undefined until it is opened. */
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

/** What values are put together from, where that is all there is to them: for those who put them together in another way. */
export type Build =
  | { readonly kind: 'values'; readonly values: readonly JsonValue[] }
  | Numbers
  | { readonly kind: 'text'; readonly language: Language }
  | {
      readonly kind: 'array';
      readonly nodes: readonly Node[];
      readonly rest: Node;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'object'; readonly members: readonly BuiltMember[]; readonly optionals: number };

export interface BuiltMember {
  readonly name: string;
  readonly node: Node;
  readonly isRequired: boolean;
  /** Names that must be there with it, itself included. */
  readonly needs: readonly string[];
}

/** What makes values of one type. */
export interface Shape {
  /** Once costs are settled; undefined where its values are made in no such simple way. */
  readonly build?: (() => Build | undefined) | undefined;
  /** The members or elements that can be there, once costs are settled. */
  readonly places: () => readonly Place[];
  /** Size of the smallest value; Infinity where there is none, as far as the children's costs tell. */
  readonly cost: (costOf: (node: Node) => number) => number;
  /** Takes the costs as they are; returns what draws a value. */
  readonly settle: (override?: Override) => Generator<JsonValue>;
  /** What the value must still pass, since it could not be built exactly. */
  readonly accepts: ((value: JsonValue) => boolean) | undefined;
}

/** What an option needs of the graph that it is made in. */
export interface Places {
  readonly documents: Documents;
  readonly checker: Checker;
  /** The place at which all of the schemas hold. */
  readonly node: (schemas: readonly (JsonSchema | Located)[], parent: Located | undefined) => Node;
  /** A place of its own, told apart from all others. */
  readonly place: (of: Conjunction, parent: Located | undefined) => Node;
}

/** Thrown by a place none of whose options is open yet. */
export class NotOpen extends Error {}

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
  const { draws, meant } = (node.usable ??= usableOf(node));
  if (draws.length === 1) return (draws[0] as Generator<JsonValue>)(draw);
  if (draws.length === 0) throw new NotOpen();
  const isRare = meant > 0 && meant < draws.length && draw.int(RARELY) === RARELY;
  return (draws[draw.int((isRare || meant === 0 ? draws.length : meant) - 1)] as Generator<JsonValue>)(draw);
}

/** The options of a node that have values. */
export const liveOptions = (node: Node): readonly Option[] =>
  node.options.filter(
    (option) => !option.isDead && option.draw !== undefined && option.cost((child) => child.cost) < Infinity,
  );

function usableOf(node: Node): Usable {
  const live = liveOptions(node);
  return {
    draws: live.map((option) => option.draw as Generator<JsonValue>),
    meant: live.filter((option) => option.meant).length,
  };
}
