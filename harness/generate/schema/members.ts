/** Which schemas speak about a member of an object, or an element of an array. */
import type { Alternative, Entry } from './alternatives.ts';
import type { Documents, Located } from './documents.ts';
import type { JsonSchema } from './json.ts';

export type Child = Located | boolean;

/** A member by its name; or one without a declared name, by the patterns that its name matches. */
export type MemberName = { readonly name: string } | { readonly matches: ReadonlySet<string> };

const tests = new Map<string, RegExp>();
export function matches(pattern: string, text: string): boolean {
  let test = tests.get(pattern);
  if (test === undefined) tests.set(pattern, (test = new RegExp(pattern, 'u')));
  return test.test(text);
}

const map = (entry: Entry, keyword: string): Readonly<Record<string, JsonSchema>> =>
  (entry.located.schema[keyword] ?? {}) as Record<string, JsonSchema>;

export const patternsOf = (of: Alternative): readonly string[] => [
  ...new Set(of.entries.flatMap((entry) => Object.keys(map(entry, 'patternProperties')))),
];

function direct(entry: Entry, member: MemberName): JsonSchema[] {
  const properties = map(entry, 'properties');
  const out: JsonSchema[] = [];
  if ('name' in member && Object.hasOwn(properties, member.name)) out.push(properties[member.name] as JsonSchema);
  for (const [pattern, schema] of Object.entries(map(entry, 'patternProperties')))
    if ('name' in member ? matches(pattern, member.name) : member.matches.has(pattern)) out.push(schema);
  const additional = entry.located.schema['additionalProperties'] as JsonSchema | undefined;
  if (out.length === 0 && additional !== undefined) out.push(additional);
  return out;
}

export function memberSchemas(of: Alternative, member: MemberName, documents: Documents): Child[] {
  return of.entries.flatMap((entry) => {
    const found = direct(entry, member);
    const rest = entry.located.schema['unevaluatedProperties'] as JsonSchema | undefined;
    if (rest !== undefined) {
      const evaluated = of.entries.some(
        (one) =>
          one.under.has(entry) &&
          (direct(one, member).length > 0 ||
            (one !== entry && one.located.schema['unevaluatedProperties'] !== undefined)),
      );
      if (!evaluated) found.push(rest);
    }
    return locateAll(found, entry, documents);
  });
}

const prefix = (entry: Entry): readonly JsonSchema[] => (entry.located.schema['prefixItems'] ?? []) as JsonSchema[];

/** Elements that have a schema of their own; all further ones are alike. */
export const prefixLength = (of: Alternative): number =>
  Math.max(0, ...of.entries.map((entry) => prefix(entry).length));

/** `contained`: the entries whose `contains` the element is made for. */
export function elementSchemas(
  of: Alternative,
  index: number,
  contained: readonly Entry[],
  documents: Documents,
): Child[] {
  const hasItem = (entry: Entry): boolean =>
    index < prefix(entry).length || entry.located.schema['items'] !== undefined;
  return of.entries.flatMap((entry) => {
    const { items, contains, unevaluatedItems } = entry.located.schema as Record<string, JsonSchema | undefined>;
    const found: JsonSchema[] = [];
    const own = prefix(entry)[index] ?? items;
    if (own !== undefined) found.push(own);
    if (contained.includes(entry) && contains !== undefined) found.push(contains);
    if (unevaluatedItems !== undefined) {
      const evaluated = of.entries.some(
        (one) =>
          one.under.has(entry) &&
          (hasItem(one) ||
            contained.includes(one) ||
            (one !== entry && one.located.schema['unevaluatedItems'] !== undefined)),
      );
      if (!evaluated) found.push(unevaluatedItems);
    }
    return locateAll(found, entry, documents);
  });
}

const locateAll = (schemas: readonly JsonSchema[], entry: Entry, documents: Documents): Child[] =>
  schemas.map((schema) => (typeof schema === 'boolean' ? schema : documents.locate(schema, entry.located)));
