/** The options of an alternative: one for each type, or one for the values of an `enum`. */
import type { Alternative } from './alternatives.ts';
import { TYPE_BITS, typeMask } from './type-mask.ts';
import { arrayOf } from './array.ts';
import type { Generator } from './choices.ts';
import { SchemaError, UnsupportedPattern } from './errors.ts';
import type { Build, Option, Places, Shape } from './node.ts';
import { canonical, copy, isObject, type JsonValue } from './json.ts';
import { matches, patternsOf } from './members.ts';
import { numberOf } from './number.ts';
import { objectOf } from './object.ts';
import {
  excluded,
  forbiddenNames,
  isRepeated,
  notMultiplesOf,
  numberRules,
  typesMeant,
  typesOf,
  valuesOf,
} from './rules.ts';
import { textOf } from './text.ts';

type Accepts = (value: JsonValue) => boolean;
const both = (...all: readonly (Accepts | undefined)[]): Accepts | undefined => {
  const checks = all.filter((one) => one !== undefined);
  return checks.length === 0 ? undefined : (value) => checks.every((check) => check(value));
};

/** A shape without children. */
const leaf = (cost: number, draw: Generator<JsonValue>, build?: Build): Shape => ({
  places: () => [],
  cost: () => cost,
  settle: () => draw,
  accepts: undefined,
  build: () => build,
});
const oneOf = (values: readonly JsonValue[], cost: number): Shape =>
  leaf(cost, (draw) => copy(values[draw.int(values.length - 1)] as JsonValue), {
    kind: 'values',
    values,
  });

export function optionsOf(of: Alternative, graph: Places): Option[] {
  const mask = typesOf(of);
  if (mask === 0) return [];
  checkPatterns(of);
  const meant = typesMeant(of);
  const unwanted = excluded(of);
  const { negatives } = of;
  const breaks: Accepts | undefined =
    negatives.length === 0 ? undefined : (value) => negatives.every((one) => !graph.checker.holds(one, value));
  const differs: Accepts | undefined = unwanted.size === 0 ? undefined : (value) => !unwanted.has(canonical(value));
  const option = (kind: string, bits: number, shape: Shape, ...also: readonly (Accepts | undefined)[]): Option => ({
    kind,
    meant: (meant & bits) !== 0,
    alternative: of,
    places: shape.places,
    cost: shape.cost,
    settle: shape.settle,
    build: shape.build,
    accepts: both(shape.accepts, breaks, ...also),
    draw: undefined,
    isDead: false,
  });
  const values = valuesOf(of);
  if (values !== undefined) {
    const fitting = values.filter((value) => (typeOf(value) & mask) !== 0 && obeys(of, value, graph));
    if (fitting.length === 0) return [];
    return [option('values', meant, oneOf(fitting, JSON.stringify(fitting[0]).length))];
  }
  const out: Option[] = [];
  if ((mask & 1) !== 0 && !unwanted.has('null')) out.push(option('null', 1, oneOf([null], 1)));
  const booleans = [false, true].filter((one) => !unwanted.has(String(one)));
  if ((mask & 2) !== 0 && booleans.length > 0) out.push(option('boolean', 2, oneOf(booleans, 1)));
  if ((mask & 12) !== 0) {
    const rest = notMultiplesOf(of);
    const number = numberOf(
      numberRules(of, mask),
      unwanted.size + rest.length === 0
        ? undefined
        : (value) => !unwanted.has(canonical(value)) && rest.every((one) => isClearlyNo(value, one)),
    );
    if (number !== undefined) out.push(option('number', 12, leaf(1, number.draw, number)));
  }
  if ((mask & 16) !== 0) {
    const text = textOf(of, unwanted, graph);
    if (text !== undefined) out.push(option('string', 16, text, differs));
  }
  if ((mask & 32) !== 0) out.push(option('array', 32, arrayOf(of, graph), differs));
  if ((mask & 64) !== 0) out.push(option('object', 64, objectOf(of, graph), differs));
  return out;
}

/** Validators divide with a tolerance: a number that breaks `multipleOf` must be well away from a multiple. */
function isClearlyNo(value: number, multipleOf: number): boolean {
  const rest = Math.abs(value % multipleOf);
  const margin = Math.min(multipleOf / 8, 1e-6);
  return rest > margin && multipleOf - rest > margin;
}

export function typeOf(value: JsonValue): number {
  if (typeof value === 'number') return Number.isInteger(value) ? 4 : 8;
  if (value === null) return 1;
  if (Array.isArray(value)) return 32;
  return TYPE_BITS[typeof value] ?? 0;
}

const JUDGED_HERE = new Set([
  'type',
  'enum',
  'const',
  'title',
  'description',
  '$comment',
  'default',
  'examples',
  '$ref',
  'allOf',
  'deprecated',
  '$id',
  '$schema',
  '$defs',
  '$anchor',
]);

/** Whether a value of an `enum` satisfies the other keywords. */
function obeys(of: Alternative, value: JsonValue, graph: Places): boolean {
  for (const { located } of of.entries) {
    const { schema } = located;
    if (Object.keys(schema).every((keyword) => JUDGED_HERE.has(keyword) || keyword.startsWith('x-'))) {
      if (schema['type'] !== undefined && (typeMask(schema['type']) & typeOf(value)) === 0) return false;
    } else if (!graph.checker.holds(located, value)) return false;
  }
  const object = isObject(value) ? Object.keys(value) : [];
  if (object.some((name) => forbiddenNames(of).has(name))) return false;
  return (
    of.demands.every(
      ({ notPattern, notMultipleOf, extras }) =>
        (notPattern === undefined || (typeof value === 'string' && !matches(notPattern, value))) &&
        (notMultipleOf === undefined || (typeof value === 'number' && isClearlyNo(value, notMultipleOf))) &&
        (extras === undefined || (isObject(value) && object.length > 0)),
    ) &&
    (!isRepeated(of) || (Array.isArray(value) && new Set(value.map(canonical)).size < value.length))
  );
}

/** @throws {UnsupportedPattern} for a name pattern that no automaton can be made of */
function checkPatterns(of: Alternative): void {
  for (const pattern of patternsOf(of)) {
    try {
      matches(pattern, '');
    } catch (cause) {
      if (cause instanceof SchemaError) throw cause;
      const entry = of.entries.find((one) => Object.hasOwn(one.located.schema['patternProperties'] ?? {}, pattern));
      throw new UnsupportedPattern(
        pattern,
        `${entry?.located.path ?? ''}/patternProperties`,
        (cause as Error).message,
        { cause },
      );
    }
  }
}
