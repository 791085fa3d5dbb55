/** JSON values, JSON Schema documents and JSON Pointers. */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** A JSON Schema 2020-12: `true`, `false` or an object of keywords. */
export type JsonSchema = boolean | SchemaObject;
export interface SchemaObject {
  readonly [keyword: string]: unknown;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One reference token of a JSON Pointer (RFC 6901), escaped. */
export const token = (key: string | number): string => String(key).replaceAll('~', '~0').replaceAll('/', '~1');

export const untoken = (escaped: string): string => escaped.replaceAll('~1', '/').replaceAll('~0', '~');

/** The length of a string as JSON Schema counts it: in code points. */
export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff && i + 1 < text.length) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i += 1;
    }
    count += 1;
  }
  return count;
}

/** A text that is the same for equal JSON values, whatever the order of their keys. */
export function canonical(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    const members = Object.keys(value)
      .toSorted()
      .map((key) => `${JSON.stringify(key)}:${canonical(value[key] as JsonValue)}`);
    return `{${members.join(',')}}`;
  }
  return Object.is(value, -0) ? '0' : JSON.stringify(value);
}

/** The same value again, so that nobody can change a shared one. */
export function copy(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(copy);
  if (!isObject(value)) return value;
  const out: Record<string, JsonValue> = {};
  for (const key of Object.keys(value)) put(out, key, copy(value[key] as JsonValue));
  return out;
}

/** Sets a member, also one that is called `__proto__`. */
export function put(target: Record<string, JsonValue>, key: string, value: JsonValue): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  } else target[key] = value;
}
