/** The keywords of all schemas that speak about one instance, as one set of rules for each type. */
import type { Alternative } from './alternatives.ts';
import { ANY_TYPE, typeMask } from './type-mask.ts';
import type { Demand } from './way.ts';
import { UnsupportedKeyword } from './errors.ts';
import { ENCODINGS, formatPatterns, isFormat } from './formats.ts';
import type { JsonValue, SchemaObject } from './json.ts';
import { canonical } from './json.ts';
import type { NumberRules } from './number.ts';
import { speaksOf } from './vocabulary.ts';

const schemasOf = (of: Alternative): readonly SchemaObject[] => of.entries.map((entry) => entry.located.schema);
const all = <T>(of: Alternative, keyword: string): T[] =>
  schemasOf(of).flatMap((schema) => (schema[keyword] === undefined ? [] : [schema[keyword] as T]));
const most = (of: Alternative, keyword: string, least: number): number => Math.max(least, ...all<number>(of, keyword));
const least = (of: Alternative, keyword: string): number => Math.min(Infinity, ...all<number>(of, keyword));
const demanded = <K extends keyof Demand>(of: Alternative, name: K): NonNullable<Demand[K]>[] =>
  of.demands.flatMap((demand) => (demand[name] === undefined ? [] : [demand[name]]));

/** The types that are left, as bits of `TYPE_BITS`. */
export function typesOf(of: Alternative): number {
  let mask = ANY_TYPE;
  for (const type of all<unknown>(of, 'type')) mask &= typeMask(type);
  for (const bits of demanded(of, 'notTypes')) mask &= ~bits;
  return mask;
}

const IMPLIED: Readonly<Record<string, number>> = { number: 4 | 8, string: 16, array: 32, object: 64 };

/** The types that its keywords speak about: what the author has in mind when he names no type. */
export function typesMeant(of: Alternative): number {
  let mask = 0;
  for (const schema of schemasOf(of))
    for (const keyword of Object.keys(schema)) mask |= IMPLIED[speaksOf(keyword)] ?? 0;
  return mask === 0 ? ANY_TYPE : mask;
}

/** The values that `enum` and `const` leave; undefined where there is neither. */
export function valuesOf(of: Alternative): readonly JsonValue[] | undefined {
  const lists = [...all<readonly JsonValue[]>(of, 'enum'), ...all<JsonValue>(of, 'const').map((one) => [one])];
  const [first, ...rest] = lists;
  if (first === undefined) return undefined;
  const others = rest.map((list) => new Set(list.map(canonical)));
  const unwanted = excluded(of);
  return first.filter((value) => {
    const text = canonical(value);
    return !unwanted.has(text) && others.every((known) => known.has(text));
  });
}

/** Values that may not be, in canonical form. */
export const excluded = (of: Alternative): ReadonlySet<string> =>
  new Set(demanded(of, 'notValues').flatMap((values) => values.map(canonical)));

export function numberRules(of: Alternative, mask: number): NumberRules {
  return {
    minimum: most(of, 'minimum', -Infinity),
    maximum: least(of, 'maximum'),
    exclusiveMinimum: most(of, 'exclusiveMinimum', -Infinity),
    exclusiveMaximum: least(of, 'exclusiveMaximum'),
    multiplesOf: all(of, 'multipleOf'),
    whole: (mask & 8) === 0,
    fractional: (mask & 4) === 0,
  };
}

export const notMultiplesOf = (of: Alternative): readonly number[] => demanded(of, 'notMultipleOf');

export interface StringRules {
  readonly minLength: number;
  readonly maxLength: number;
  readonly patterns: readonly string[];
  readonly notPatterns: readonly string[];
  /** For each format: what to generate from, most readable first. */
  readonly formats: readonly (readonly string[])[];
  readonly encodings: readonly string[];
  readonly json: boolean;
  readonly contentSchemas: readonly unknown[];
}

/** Elements of an array, members of an object, and code points of a text that a value must have. */
const MOST_DEMANDED: Readonly<Record<string, number>> = { minItems: 10_000, minProperties: 10_000, minLength: 100_000 };

/** The greatest of a keyword that counts. @throws {UnsupportedKeyword} where values would be vast */
function demandedCount(of: Alternative, keyword: string): number {
  const limit = MOST_DEMANDED[keyword] as number;
  for (const { located } of of.entries)
    if (((located.schema[keyword] ?? 0) as number) > limit)
      throw new UnsupportedKeyword(keyword, `${located.path}/${keyword}`, `more than ${limit} are not made`);
  return most(of, keyword, 0);
}

export function stringRules(of: Alternative): StringRules {
  for (const { located } of of.entries) {
    const { format, contentEncoding } = located.schema;
    if (format !== undefined && !isFormat(format as string))
      throw new UnsupportedKeyword('format', `${located.path}/format`, `the format "${format as string}" is not known`);
    if (contentEncoding !== undefined && !Object.hasOwn(ENCODINGS, contentEncoding as string))
      throw new UnsupportedKeyword(
        'contentEncoding',
        `${located.path}/contentEncoding`,
        `the encoding "${contentEncoding as string}" is not known`,
      );
  }
  return {
    minLength: demandedCount(of, 'minLength'),
    maxLength: least(of, 'maxLength'),
    patterns: [...new Set(all<string>(of, 'pattern'))],
    notPatterns: [...new Set(demanded(of, 'notPattern'))],
    formats: [...new Set(all<string>(of, 'format'))].map(formatPatterns),
    encodings: [...new Set(all<string>(of, 'contentEncoding'))],
    json: all<string>(of, 'contentMediaType').some((type) => /^application\/(?:[^;]*\+)?json\b/.test(type)),
    contentSchemas: all(of, 'contentSchema'),
  };
}

export interface CountRules {
  readonly min: number;
  readonly max: number;
}
export const itemCounts = (of: Alternative): CountRules => ({
  min: demandedCount(of, 'minItems'),
  max: least(of, 'maxItems'),
});
export const memberCounts = (of: Alternative): CountRules => ({
  min: demandedCount(of, 'minProperties'),
  max: least(of, 'maxProperties'),
});
export const isUnique = (of: Alternative): boolean => all<boolean>(of, 'uniqueItems').includes(true);
export const isRepeated = (of: Alternative): boolean => demanded(of, 'repeated').length > 0;
export const forbiddenNames = (of: Alternative): ReadonlySet<string> => new Set(demanded(of, 'forbidden'));
export const requiredNames = (of: Alternative): readonly string[] => [...new Set(all<string[]>(of, 'required').flat())];
export const namesNeeded = (of: Alternative): readonly (readonly [string, readonly string[]])[] =>
  all<Record<string, string[]>>(of, 'dependentRequired').flatMap((one) => Object.entries(one));
export const extrasDemanded = (of: Alternative): number => Math.max(0, ...demanded(of, 'extras'));
export const extraNameSchemas = (of: Alternative): readonly SchemaObject[] => demanded(of, 'extraNames');
