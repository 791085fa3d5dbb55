import { isJsonObject, type JsonSchema, type JsonValue } from './json.ts';

const known = new WeakMap<object, ReadonlySet<string>>();

/** Every name that a schema gives to a member, at any place. */
export function declaredNames(schema: JsonSchema): ReadonlySet<string> {
  if (!isJsonObject(schema)) return new Set();
  const before = known.get(schema);
  if (before !== undefined) return before;
  const names = new Set<string>();
  const visit = (value: JsonValue): void => {
    if (Array.isArray(value)) (value as readonly JsonValue[]).forEach(visit);
    if (!isJsonObject(value)) return;
    const { properties } = value;
    if (isJsonObject(properties)) for (const name of Object.keys(properties)) names.add(name);
    Object.values(value).forEach(visit);
  };
  visit(schema);
  known.set(schema, names);
  return names;
}

/**
 * A place of a value that may be logged and journalled: a JSON Pointer with `*` for each index, and for each member that the schema
 * does not name: the name of a map's member is content.
 */
export function anonymousPlace(schema: JsonSchema, pointer: string): string {
  const declared = declaredNames(schema);
  return pointer.replaceAll(/\/[^/]*/g, (token) => {
    const name = token.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');
    return declared.has(name) ? token : '/*';
  });
}
