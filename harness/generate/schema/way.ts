/** One way to meet a demand on an instance, or to break one: what it must be, must not be, and what no keyword says of it. */
import type { Located } from './documents.ts';
import type { JsonSchema, JsonValue, SchemaObject } from './json.ts';

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

export type Given = JsonSchema | Located;
export interface Way {
  readonly positives: readonly Given[];
  readonly negatives: readonly Given[];
  readonly demands: readonly Demand[];
}

export const isLocated = (given: Given): given is Located =>
  typeof given === 'object' && 'scope' in given && 'base' in given;
export const way = (
  positives: readonly Given[],
  negatives: readonly Given[] = [],
  demands: readonly Demand[] = [],
): Way => ({ positives, negatives, demands });

export const list = (value: unknown): JsonSchema[] => (Array.isArray(value) ? (value as JsonSchema[]) : []);
