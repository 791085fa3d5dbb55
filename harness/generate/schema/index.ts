/**
 * JSON Schema 2020-12 → fast-check arbitraries: values that are valid, and values that are invalid for one known
 * reason. Depends on nothing but fast-check, ajv and a parser of regular expressions.
 */
import fc from 'fast-check';
import { arbitraryOf, simplestOf, type Draw } from './choices.ts';
import type { Attempt, Place, Violation } from './attempt.ts';
import { attemptsOf, brokenBy, keyOf, type Attempts } from './violations.ts';
import { ImpossibleViolation } from './errors.ts';
import type { SchemaSource } from './documents.ts';
import { Graph } from './graph.ts';
import { drawNode, type Node } from './node.ts';
import type { JsonValue } from './json.ts';

export type { SchemaSource } from './documents.ts';
export type { JsonSchema, JsonValue } from './json.ts';
export type { Place, Violation } from './attempt.ts';
export { liveOptions, type Build, type BuiltMember, type Node, type Option } from './node.ts';
export type { Grid, Numbers } from './number.ts';
export type { Language } from './language.ts';
export * from './errors.ts';

const graphs = new WeakMap<SchemaSource, Graph>();
function graphOf(source: SchemaSource): Graph {
  let graph = graphs.get(source);
  if (graph === undefined) graphs.set(source, (graph = new Graph(source)));
  return graph;
}

/** The places of a schema and what their values are put together from: what another generator is made of. */
export const placesOf = (source: SchemaSource): Node => graphOf(source).root;

/** Values of one place or of one of its options; the same for the same seed. */
export const sampleDrawn = (draw: (from: Draw) => JsonValue, seed: number, n: number): JsonValue[] =>
  sample(arbitraryOf(draw), seed, n);

/** The smallest value of a place. */
export const smallestAt = (node: Node): JsonValue => simplestOf((draw) => drawNode(node, draw));

/** Valid values. They shrink: optional members go, arrays and texts get short, text becomes plain ASCII. */
export function valid(source: SchemaSource): fc.Arbitrary<JsonValue> {
  const { root } = graphOf(source);
  return arbitraryOf((draw) => drawNode(root, draw));
}

/** A smallest valid value, without optional members. */
export function minimal(source: SchemaSource): JsonValue {
  const { root } = graphOf(source);
  return simplestOf((draw) => drawNode(root, draw));
}

interface Broken {
  readonly attempts: Attempts;
  readonly known: Map<string, ReturnType<typeof brokenBy>>;
}
const broken = new WeakMap<Graph, Broken>();
function brokenIn(source: SchemaSource): Broken {
  const graph = graphOf(source);
  let found = broken.get(graph);
  if (found === undefined) broken.set(graph, (found = { attempts: attemptsOf(graph), known: new Map() }));
  return found;
}

function settled({ attempts, known }: Broken, key: string): ReturnType<typeof brokenBy> {
  if (!known.has(key)) known.set(key, brokenBy(attempts.get(key) ?? []));
  return known.get(key);
}

/** Every keyword at every place that can be broken, those in recursive schemas once. */
export function violations(source: SchemaSource): readonly Violation[] {
  const all = brokenIn(source);
  return [...all.attempts.keys()].flatMap((key) => settled(all, key)?.violation ?? []);
}

/** Every keyword at every place that may be breakable: quick to list; `violationAt` says whether one of them is. */
export const places = (source: SchemaSource): readonly Place[] =>
  Array.from(brokenIn(source).attempts.values(), ([attempt]) => (attempt as Attempt).place);

/** The violation of a keyword at a place; undefined where no value was found that breaks it. */
export const violationAt = (source: SchemaSource, place: Place): Violation | undefined =>
  settled(brokenIn(source), keyOf(place))?.violation;

/**
 * Invalid values that break the keyword at the place, and nothing else where `violationAt` says so.
 * @throws {ImpossibleViolation} where nothing breaks it
 */
export function invalid(source: SchemaSource, place: Place): fc.Arbitrary<JsonValue> {
  const found = settled(brokenIn(source), keyOf(place));
  if (found === undefined)
    throw new ImpossibleViolation(place.schemaPath, `"${place.keyword}" cannot be broken at "${place.path}"`);
  return arbitraryOf(found.draw);
}

/** Valid values in which there is something at the place; undefined where none was found. */
export function validAt(source: SchemaSource, place: Place): fc.Arbitrary<JsonValue> | undefined {
  for (const attempt of brokenIn(source).attempts.get(keyOf(place)) ?? []) {
    const draw = attempt.whole();
    if (draw !== undefined) return arbitraryOf(draw);
  }
  return undefined;
}

/** The same `n` values for the same seed. */
export const sample = <T>(arbitrary: fc.Arbitrary<T>, seed: number, n: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: n });
