/** Any JSON value, as RFC 8259 has it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}
/** A JSON Schema 2020-12 document, bundled: its `$ref`s stay within itself. */
export type JsonSchema = boolean | JsonObject;

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member's name as a part of a JSON Pointer (RFC 6901). */
export const pointerToken = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** The values at a JSON Pointer in which `*` stands for every item of an array. Unknown places give none. */
export function valuesAt(value: JsonValue, pointer: string): readonly JsonValue[] {
  let found: readonly JsonValue[] = [value];
  for (const token of pointerTokens(pointer)) {
    found = found.flatMap((at): readonly JsonValue[] => {
      if (Array.isArray(at)) {
        const items = at as readonly JsonValue[];
        return token === '*' ? items : items.filter((_, place) => String(place) === token);
      }
      const member = isJsonObject(at) && Object.hasOwn(at, token) ? at[token] : undefined;
      return member === undefined ? [] : [member];
    });
  }
  return found;
}

/** A copy with the value at a JSON Pointer (no `*`) replaced; objects on the way are made, arrays are not. */
export function withValueAt(value: JsonValue, pointer: string, replacement: JsonValue): JsonValue {
  return replaceAt(value, pointerTokens(pointer), replacement);
}

function replaceAt(value: JsonValue | undefined, tokens: readonly string[], replacement: JsonValue): JsonValue {
  const [token, ...rest] = tokens;
  if (token === undefined) return replacement;
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item, at) =>
      String(at) === token ? replaceAt(item, rest, replacement) : item,
    );
  }
  const members = isJsonObject(value) ? value : {};
  return { ...members, [token]: replaceAt(members[token], rest, replacement) };
}

function pointerTokens(pointer: string): readonly string[] {
  if (pointer === '') return [];
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
