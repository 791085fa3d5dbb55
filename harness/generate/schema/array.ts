/** Arrays: elements by position, elements that must be contained, distinct elements. */
import type { Alternative, Entry } from './alternatives.ts';
import type { Draw, Generator } from './choices.ts';
import { drawNode, type Node, type Override, type Place, type Places, type Shape } from './node.ts';
import { UnsupportedKeyword } from './errors.ts';
import { canonical, type JsonSchema, type JsonValue } from './json.ts';
import { elementSchemas, prefixLength } from './members.ts';
import { isRepeated, isUnique, itemCounts } from './rules.ts';

/** Elements beyond those that must be, in an array without `maxItems`, and with a vast one. */
const BEYOND_WHEN_OPEN = 5;
const MAX_BEYOND = 64;
const DISTINCT_TRIES = 12;

interface Contained {
  readonly entry: Entry;
  readonly schema: JsonSchema;
  readonly min: number;
  readonly max: number;
}

/** An element made to be contained: its place, and the schemas of `contains` that it is made for. */
interface Slot {
  /** -1 for any place after the prefix. */
  readonly index: number;
  readonly node: Node;
}

export function arrayOf(of: Alternative, graph: Places): Shape {
  const { min, max } = itemCounts(of);
  const fixed = Math.min(prefixLength(of), max);
  const nodeAt = (index: number, contained: readonly Entry[] = []): Node =>
    graph.node(elementSchemas(of, index, contained, graph.documents), of.entries[0]?.located);
  const prefix = Array.from({ length: fixed }, (_, index) => nodeAt(index));
  const rest = nodeAt(prefixLength(of));
  const contained = containedOf(of);
  const layouts = layoutsOf(contained, fixed, max, nodeAt);
  const distinct = isUnique(of);
  const repeated = isRepeated(of);

  /** The most elements that can be made, as far as costs tell. */
  const limit = (costOf: (node: Node) => number): number => {
    const dead = prefix.findIndex((node) => costOf(node) === Infinity);
    if (dead >= 0) return dead;
    return costOf(rest) === Infinity ? Math.min(max, fixed) : max;
  };
  const needed = (slots: readonly Slot[]): number => {
    const open = slots.filter((slot) => slot.index < 0).length;
    return Math.max(min, ...slots.map((slot) => slot.index + 1), open > 0 ? fixed + open : 0);
  };
  const nodeOf = (index: number): Node => prefix[index] ?? rest;
  const layoutCost = (slots: readonly Slot[], costOf: (node: Node) => number): number => {
    const length = needed(slots);
    if (length > Math.min(max, Math.max(limit(costOf), slots.length > 0 ? fixed : 0))) return Infinity;
    const at = new Map(slots.filter((slot) => slot.index >= 0).map((slot) => [slot.index, slot.node]));
    const open = slots.filter((slot) => slot.index < 0);
    let sum = 1;
    for (let index = 0; index < length; index += 1)
      sum += costOf(at.get(index) ?? (index >= fixed ? open[index - fixed]?.node : undefined) ?? nodeOf(index));
    return sum;
  };
  const best = (costOf: (node: Node) => number): readonly Slot[] =>
    layouts.toSorted((a, b) => layoutCost(a, costOf) - layoutCost(b, costOf))[0] as readonly Slot[];

  const settle = (override?: Override): Generator<JsonValue> => {
    const costOf = (node: Node): number => node.cost;
    const slots = best(costOf);
    const at = new Map(slots.filter((slot) => slot.index >= 0).map((slot) => [slot.index, slot.node]));
    const open = slots.filter((slot) => slot.index < 0);
    const own = override === undefined ? -1 : Number(override.key);
    const least = Math.max(needed(slots), own + 1, repeated ? 2 : 0);
    return (draw) => {
      const most = Math.max(least, Math.min(limit(costOf), least + (max === Infinity ? BEYOND_WHEN_OPEN : MAX_BEYOND)));
      const length = draw.length(least, most);
      const lengthAt = most > least ? draw.last : -1;
      const shift = open.length > 0 ? draw.int(length - fixed - 1) : 0;
      const out: JsonValue[] = [];
      const seen = new Set<string>();
      for (let index = 0; index < length; index += 1) {
        const start = draw.position;
        const turned = (index - fixed - shift + 2 * (length - fixed)) % Math.max(1, length - fixed);
        const node = at.get(index) ?? (index >= fixed ? open[turned]?.node : undefined) ?? nodeOf(index);
        const one =
          index === own && override !== undefined ? override.draw : (from: Draw): JsonValue => drawNode(node, from);
        const value = distinct ? drawDistinct(one, seen, draw) : one(draw);
        if (value === undefined) {
          if (out.length >= least) break;
          out.push(one(draw));
        } else out.push(value);
        draw.close(start, lengthAt);
      }
      if (repeated && out.length > 1) {
        const from = draw.int(out.length - 2);
        out[out.length - 1] = out[from] as JsonValue;
      }
      return out;
    };
  };

  const places = (): Place[] => {
    const costOf = (node: Node): number => node.cost;
    const slots = best(costOf);
    const after = fixed + slots.filter((slot) => slot.index < 0).length;
    const all = prefix.map((node, index) => ({ key: index, node }));
    return [...all, { key: after < max ? after : fixed, node: rest }].filter(({ key }) => key < limit(costOf));
  };
  const bounded = contained.filter((one) => one.max < Infinity || one.min === 0);
  const checks: ((value: readonly JsonValue[]) => boolean)[] = [];
  if (distinct && !repeated) checks.push((value) => new Set(value.map(canonical)).size === value.length);
  for (const one of bounded) {
    const located =
      typeof one.schema === 'boolean' ? one.schema : graph.documents.locate(one.schema, one.entry.located);
    checks.push((value) => {
      const count = value.filter((element) =>
        typeof located === 'boolean' ? located : graph.checker.holds(located, element),
      ).length;
      return count <= one.max && count >= one.min;
    });
  }
  const accepts =
    checks.length === 0
      ? undefined
      : (value: JsonValue): boolean => Array.isArray(value) && checks.every((check) => check(value));
  return {
    places,
    build: () => {
      if (contained.length > 0 || distinct || repeated) return undefined;
      const most = Math.min(
        limit((node) => node.cost),
        min + (max === Infinity ? BEYOND_WHEN_OPEN : MAX_BEYOND),
      );
      return { kind: 'array', nodes: prefix, rest, least: min, most: Math.max(min, most) };
    },
    cost: (costOf) => Math.min(...layouts.map((slots) => layoutCost(slots, costOf))),
    settle,
    accepts,
  };
}

function drawDistinct(one: Generator<JsonValue>, seen: Set<string>, draw: Draw): JsonValue | undefined {
  const start = draw.position;
  for (let attempt = 0; attempt < DISTINCT_TRIES; attempt += 1) {
    const value = one(draw);
    const text = canonical(value);
    if (!seen.has(text)) {
      seen.add(text);
      return value;
    }
    draw.rewind(start);
  }
  return undefined;
}

function containedOf(of: Alternative): Contained[] {
  return of.entries.flatMap((entry) => {
    const { schema } = entry.located;
    if (schema['contains'] === undefined) return [];
    if (((schema['minContains'] ?? 1) as number) > MAX_BEYOND)
      throw new UnsupportedKeyword(
        'minContains',
        `${entry.located.path}/minContains`,
        `more than ${MAX_BEYOND} are not made`,
      );
    return [
      {
        entry,
        schema: schema['contains'] as JsonSchema,
        min: (schema['minContains'] ?? 1) as number,
        max: (schema['maxContains'] ?? Infinity) as number,
      },
    ];
  });
}

/** Where contained elements may stand: each after the prefix; one for all; or inside the prefix. */
function layoutsOf(
  contained: readonly Contained[],
  fixed: number,
  max: number,
  nodeAt: (index: number, contained: readonly Entry[]) => Node,
): (readonly Slot[])[] {
  const wanted = contained.filter((one) => one.min > 0);
  if (wanted.length === 0) return [[]];
  const out: Slot[][] = [];
  const apart = wanted.flatMap((one) => Array.from({ length: Math.min(one.min, MAX_BEYOND) }, () => [one.entry]));
  const entries = wanted.map((one) => one.entry);
  const shared = Array.from({ length: Math.max(...wanted.map((one) => Math.min(one.min, MAX_BEYOND))) }, () => entries);
  for (const plan of wanted.length > 1 ? [apart, shared] : [apart]) {
    if (fixed + plan.length <= max) out.push(plan.map((one) => ({ index: -1, node: nodeAt(fixed, one) })));
    for (let from = 0; from + plan.length <= Math.min(max, fixed); from += 1)
      out.push(plan.map((one, i) => ({ index: from + i, node: nodeAt(from + i, one) })));
  }
  return out.length > 0 ? out : [shared.map((one, i) => ({ index: i, node: nodeAt(i, one) }))];
}
