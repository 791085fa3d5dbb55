/**
 * JSON Schema 2020-12 → fast-check arbitraries: values that are valid, and values that are invalid for one known
 * reason. Depends on nothing but fast-check, ajv and a parser of regular expressions.
 */
import fc from 'fast-check';
import { arbitraryOf, simplestOf } from './choices.ts';
import { brokenOf, keyOf, type Broken, type Violation } from './violations.ts';
import { ImpossibleViolation } from './errors.ts';
import type { SchemaSource } from './documents.ts';
import { Graph } from './graph.ts';
import { drawNode } from './node.ts';
import type { JsonValue } from './json.ts';

export type { SchemaSource } from './documents.ts';
export type { JsonObject, JsonSchema, JsonValue, SchemaObject } from './json.ts';
export type { Violation } from './violations.ts';
export * from './errors.ts';

const graphs = new WeakMap<SchemaSource, Graph>();
function graphOf(source: SchemaSource): Graph {
  let graph = graphs.get(source);
  if (graph === undefined) graphs.set(source, (graph = new Graph(source)));
  return graph;
}

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

const broken = new WeakMap<Graph, ReadonlyMap<string, Broken>>();
function brokenIn(source: SchemaSource): ReadonlyMap<string, Broken> {
  const graph = graphOf(source);
  let known = broken.get(graph);
  if (known === undefined) broken.set(graph, (known = brokenOf(graph)));
  return known;
}

/** Every keyword at every place that can be broken, those in recursive schemas once. */
export const violations = (source: SchemaSource): readonly Violation[] =>
  Array.from(brokenIn(source).values(), ({ violation }) => violation);

/**
 * Invalid values that break the keyword at the place, and nothing else where `violation.alone` says so.
 * @throws {ImpossibleViolation} if it is none of `violations(source)`
 */
export function invalid(source: SchemaSource, violation: Omit<Violation, 'alone'>): fc.Arbitrary<JsonValue> {
  const known = brokenIn(source).get(keyOf(violation));
  if (known === undefined)
    throw new ImpossibleViolation(
      violation.schemaPath,
      `"${violation.keyword}" cannot be broken at "${violation.path}"`,
    );
  return arbitraryOf(known.draw);
}

/** The same `n` values for the same seed. */
export const sample = <T>(arbitrary: fc.Arbitrary<T>, seed: number, n: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: n });
