import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import type { PactPart } from '../../model/pact.ts';

/** A rule of a pact at a place of the body: a JSON Pointer with `*` for each item. */
export interface BodyRule {
  readonly pointer: string;
  readonly matchers: readonly JsonObject[];
}

/** The rules of a part's body whose paths are plain: names and items, without wildcards of names. */
export function bodyRules({ matchingRules }: PactPart): readonly BodyRule[] {
  const { body } = matchingRules;
  if (!isJsonObject(body)) return [];
  return Object.entries(body).flatMap(([path, rule]) => {
    const pointer = pointerOf(path);
    return pointer === undefined ? [] : [{ pointer, matchers: matchersOf(rule) }];
  });
}

function matchersOf(rule: JsonValue): readonly JsonObject[] {
  const matchers = isJsonObject(rule) ? rule['matchers'] : undefined;
  return Array.isArray(matchers) ? (matchers as readonly JsonValue[]).filter((matcher) => isJsonObject(matcher)) : [];
}

/** `$.a.b[*].c` and `$['a'][0]` as JSON Pointers; undefined for a path that is no such. */
function pointerOf(path: string): string | undefined {
  if (!/^\$(\.[A-Za-z0-9_-]+|\[\*\]|\[\d+\]|\['[^']*'\])*$/.test(path)) return undefined;
  const tokens = path.slice(1).match(/[A-Za-z0-9_-]+|\*|'[^']*'/g) ?? [];
  return tokens.map((token) => `/${token.replaceAll("'", '').replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Whether rules certainly allow a value in place of the example. What is not known for certain is not allowed: it only makes
 * fewer variants. Pact itself judges what arrives.
 */
export function allows(matchers: readonly JsonObject[], example: JsonValue, value: JsonValue): boolean {
  return matchers.length > 0 && matchers.every((matcher) => allowsOne(matcher, example, value));
}

function allowsOne(matcher: JsonObject, example: JsonValue, value: JsonValue): boolean {
  const scalar = typeof value !== 'object' || value === null;
  switch (matcher['match']) {
    case 'type':
      return scalar && typeof value === typeof example && (value === null) === (example === null);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
    case 'decimal':
      return typeof value === 'number' && (matcher['match'] === 'number' || !Number.isInteger(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'regex':
      return scalar && matchesText(textIn(matcher, 'regex'), String(value));
    case 'include':
      return typeof value === 'string' && value.includes(textIn(matcher, 'value'));
    default:
      return false;
  }
}

function textIn(matcher: JsonObject, name: string): string {
  const text = matcher[name];
  return typeof text === 'string' ? text : '';
}

/** Pact's expressions are not JavaScript's own, but most are the same; one that is not is left alone. */
function matchesText(expression: string, text: string): boolean {
  try {
    return new RegExp(expression, 'u').test(text);
  } catch {
    return false;
  }
}
