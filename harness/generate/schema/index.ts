/**
 * JSON Schema 2020-12 → fast-check arbitraries: values that are valid, and values that are invalid for one known
 * reason. Depends on nothing but fast-check, ajv and a parser of regular expressions.
 */
import fc from 'fast-check';
import { arbitraryOf, simplestOf } from './choices.ts';
import type { SchemaSource } from './documents.ts';
import { drawNode, Graph } from './graph.ts';
import type { JsonValue } from './json.ts';

export type { SchemaSource } from './documents.ts';
export type { JsonObject, JsonSchema, JsonValue, SchemaObject } from './json.ts';
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

/** The same `n` values for the same seed. */
export const sample = <T>(arbitrary: fc.Arbitrary<T>, seed: number, n: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: n });
