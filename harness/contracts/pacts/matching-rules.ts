import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { nearest } from '../../model/nearest.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';

/** Every kind of rule of versions 3 and 4; the library passes over one that it does not know, which would then be no demand. */
const matches: ReadonlySet<string> = new Set([
  'equality',
  'regex',
  'type',
  'min-type',
  'max-type',
  'min-max-type',
  'include',
  'integer',
  'decimal',
  'number',
  'boolean',
  'null',
  'date',
  'time',
  'datetime',
  'timestamp',
  'arrayContains',
  'array-contains',
  'contentType',
  'content-type',
  'values',
  'notEmpty',
  'not-empty',
  'semver',
  'eachKey',
  'each-key',
  'eachValue',
  'each-value',
]);

/** Older writers name the rules of a body otherwise. */
const bodies: readonly string[] = ['body', 'content', 'contents'];

/** The matching rules of a part, in the categories `body` and `metadata`. What is not known is a mistake. */
export function readRules(at: Cursor, mistakes: Mistakes): JsonObject {
  const value = valueAt(at);
  if (!isJsonObject(value)) return {};
  const rules: Record<string, JsonObject> = {};
  for (const [category, found] of Object.entries(value)) {
    const place = child(at, category);
    const name = bodies.includes(category) ? 'body' : category === 'metaData' ? 'metadata' : category;
    if (isJsonObject(found) && Object.keys(found).length === 0) continue;
    if ((name !== 'body' && name !== 'metadata') || !isJsonObject(found)) {
      const what = `matching rules for ${JSON.stringify(category)} are not known: a message has body and metadata`;
      mistakes.add(placeAt(place), what, 'write them under body or metadata, as versions 3 and 4 have it');
      continue;
    }
    for (const [path, rule] of Object.entries(found)) checkRule(child(place, path), rule, path, mistakes);
    rules[name] = { ...rules[name], ...found };
  }
  return rules;
}

function checkRule(at: Cursor, rule: JsonValue, path: string, mistakes: Mistakes): void {
  const matchers = isJsonObject(rule) ? rule['matchers'] : undefined;
  if (!Array.isArray(matchers) || matchers.length === 0) {
    mistakes.add(placeAt(at), `the rule for ${path} has no matchers`, 'write { "combine": "AND", "matchers": [ … ] }');
    return;
  }
  for (const matcher of matchers as readonly JsonValue[]) checkMatcher(at, matcher, path, mistakes);
}

function checkMatcher(at: Cursor, matcher: JsonValue, path: string, mistakes: Mistakes): void {
  const match = isJsonObject(matcher) ? matcher['match'] : undefined;
  if (
    match === undefined &&
    isJsonObject(matcher) &&
    (matcher['min'] ?? matcher['max'] ?? matcher['regex']) !== undefined
  ) {
    return; // as versions 2 and 3 write a type with bounds, or a regular expression
  }
  if (typeof match !== 'string' || !matches.has(match)) {
    const near = typeof match === 'string' ? nearest(match, [...matches]) : undefined;
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    mistakes.add(
      placeAt(at),
      `the rule for ${path} has no known kind: ${JSON.stringify(match ?? null)}${meant}`,
      'correct it',
    );
    return;
  }
  const regex = isJsonObject(matcher) ? matcher['regex'] : undefined;
  if (match === 'regex' && typeof regex !== 'string') {
    mistakes.add(placeAt(at), `the rule for ${path} has no regular expression`, 'add it as regex');
  }
}
