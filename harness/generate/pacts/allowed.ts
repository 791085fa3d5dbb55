import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { datePattern, datePatterns } from '../../model/pact-generators.ts';
import { matchersOf, ruleAt, rulesIn, type BodyRules, type Path } from './rules.ts';

/**
 * Whether the rules of a body certainly allow a value in place of the example at a path. What is not known for certain is not
 * allowed: it only makes fewer variants. Pact's rules reach down: what is below a rule of type is of its type, unless it has a rule of
 * its own; without any rule a value is as in the example, and an object may have more members.
 * @param typed whether a rule of type stands above
 */
export function isAllowed(rules: BodyRules, path: Path, example: JsonValue, value: JsonValue, typed = false): boolean {
  const rule = ruleAt(rules, path);
  if (rule === undefined)
    return typed ? isOfType(rules, path, example, value, {}) : isLike(rules, path, example, value);
  const allows = (matcher: JsonObject): boolean => matches(matcher, rules, path, example, value);
  return rule.matchers.length > 0 && (rule.either ? rule.matchers.some(allows) : rule.matchers.every(allows));
}

/** As the example; below it other rules may stand. */
function isLike(rules: BodyRules, path: Path, example: JsonValue, value: JsonValue): boolean {
  if (Array.isArray(example)) {
    if (!Array.isArray(value) || value.length !== example.length) return false;
    const items = example as readonly JsonValue[];
    return items.every((item, at) => isAllowed(rules, [...path, String(at)], item, value[at] as JsonValue));
  }
  if (isJsonObject(example)) return hasMembers(rules, path, example, value, false);
  return example === value;
}

function hasMembers(rules: BodyRules, path: Path, example: JsonObject, value: JsonValue, typed: boolean): boolean {
  return (
    isJsonObject(value) &&
    Object.entries(example).every(([name, member]) => {
      const found = value[name];
      return found !== undefined && isAllowed(rules, [...path, name], member, found, typed);
    })
  );
}

/** Of the type of the example, within bounds of its length; each item is as the first one of the example. */
function isOfType(rules: BodyRules, path: Path, example: JsonValue, value: JsonValue, bounds: JsonObject): boolean {
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return false;
    const [first] = example as readonly JsonValue[];
    const least = numberIn(bounds, 'min') ?? (first === undefined ? 0 : 1);
    const most = numberIn(bounds, 'max') ?? (first === undefined ? 0 : Infinity);
    if (value.length < least || value.length > most) return false;
    const items = value as readonly JsonValue[];
    return first === undefined
      ? items.length === 0
      : items.every((item, at) => isAllowed(rules, [...path, String(at)], first, item, true));
  }
  if (isJsonObject(example)) return hasMembers(rules, path, example, value, true);
  return isScalar(value) && typeof value === typeof example && (value === null) === (example === null);
}

function matches(matcher: JsonObject, rules: BodyRules, path: Path, example: JsonValue, value: JsonValue): boolean {
  switch (matcher['match']) {
    case undefined:
      if (typeof matcher['regex'] === 'string') return isScalar(value) && matchesText(matcher['regex'], String(value));
      return isOfType(rules, path, example, value, matcher);
    case 'type':
    case 'min-type':
    case 'max-type':
    case 'min-max-type':
      return isOfType(rules, path, example, value, matcher);
    case 'equality':
      return isDeepStrictEqual(example, value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'decimal':
      return typeof value === 'number' && !Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    case 'notEmpty':
    case 'not-empty':
      return isNotEmpty(value) && isOfType(rules, path, example, value, {});
    case 'regex':
      return isScalar(value) && matchesText(textIn(matcher, 'regex'), String(value));
    case 'date':
    case 'time':
    case 'datetime':
    case 'timestamp':
      return typeof value === 'string' && isDated(patternOf(matcher), value);
    case 'semver':
      return typeof value === 'string' && /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/u.test(value);
    case 'include':
      return typeof value === 'string' && value.includes(textIn(matcher, 'value'));
    case 'values':
      return hasEach(example, value, (member, first) => isAllowed(rules, [...path, '*'], first, member, true));
    case 'eachKey':
    case 'each-key':
      return isJsonObject(value) && Object.keys(value).every((name) => meetsOwn(matcher, name, name));
    case 'eachValue':
    case 'each-value':
      return hasEach(example, value, (member, first) => meetsOwn(matcher, first, member));
    case 'arrayContains':
    case 'array-contains':
      return containsEach(matcher, example, value);
    default:
      return false;
  }
}

/** Each member, or item, of a value as the first of the example; there is at least one. */
function hasEach(
  example: JsonValue,
  value: JsonValue,
  isGood: (member: JsonValue, first: JsonValue) => boolean,
): boolean {
  if (Array.isArray(example) !== Array.isArray(value) || isScalar(example) || isScalar(value)) return false;
  const [first] = Object.values(example);
  const members = Object.values(value) as readonly JsonValue[];
  return first !== undefined && members.length > 0 && members.every((member) => isGood(member, first));
}

/** By the rules that a rule for each key, or each value, has itself. */
function meetsOwn(matcher: JsonObject, example: JsonValue, value: JsonValue): boolean {
  const own = matcher['rules'];
  if (!Array.isArray(own) || own.length === 0) return false;
  const root: BodyRules = { list: [{ path: [], ...matchersOf({ matchers: own }) }], isWhole: true };
  return isAllowed(root, [], example, value);
}

/** Of each variant there is an item that it allows. */
function containsEach(matcher: JsonObject, example: JsonValue, value: JsonValue): boolean {
  const variants = matcher['variants'];
  if (!Array.isArray(variants) || !Array.isArray(example) || !Array.isArray(value)) return false;
  return (variants as readonly JsonValue[]).every((variant) => {
    if (!isJsonObject(variant)) return false;
    const wanted = (example as readonly JsonValue[])[Number(variant['index'] ?? -1)];
    const rules = rulesIn(variant['rules']);
    return (
      wanted !== undefined &&
      rules.isWhole &&
      (value as readonly JsonValue[]).some((item) => isAllowed(rules, [], wanted, item))
    );
  });
}

/** The pattern of a date or time: under `format`, or under the name of the rule as older libraries write it. */
function patternOf(matcher: JsonObject): string {
  const match = textIn(matcher, 'match');
  const type = match === 'date' ? 'Date' : match === 'time' ? 'Time' : 'DateTime';
  return textIn(matcher, 'format') || textIn(matcher, match) || (datePatterns[type] ?? '');
}

/** Whether a text is a date or time by a pattern that is known here, on a day that every month has. */
function isDated(pattern: string, text: string): boolean {
  if (pattern.replaceAll(datePattern, '') !== '') return false;
  const expression = pattern.replaceAll(
    datePattern,
    (token) =>
      dateFields[token] ??
      (token === "''" ? "'" : token.replaceAll("'", '')).replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&'),
  );
  return new RegExp(`^${expression}$`, 'u').test(text);
}

const dateFields: Readonly<Record<string, string>> = {
  yyyy: '\\d{4}',
  MM: '(?:0[1-9]|1[0-2])',
  dd: '(?:0[1-9]|1\\d|2[0-8])',
  HH: '(?:[01]\\d|2[0-3])',
  mm: '[0-5]\\d',
  ss: '[0-5]\\d',
  SSS: '\\d{3}',
  XXX: '(?:Z|[+-]\\d\\d:\\d\\d)',
  X: '(?:Z|[+-]\\d\\d)',
  Z: '[+-]\\d{4}',
};

const isScalar = (value: JsonValue): value is string | number | boolean | null =>
  typeof value !== 'object' || value === null;

const isNotEmpty = (value: JsonValue): boolean =>
  value !== null && value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0);

function numberIn(object: JsonObject, name: string): number | undefined {
  const value = object[name];
  return typeof value === 'number' ? value : undefined;
}

function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

/** Pact's expressions are not JavaScript's own, but most are the same; one that is not is left alone. */
export function matchesText(expression: string, text: string): boolean {
  try {
    return new RegExp(expression, 'u').test(text);
  } catch {
    return false;
  }
}
