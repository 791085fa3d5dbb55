export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** RFC 8259 in UTF-8. Throws where the bytes are something else. */
export function parseJson(bytes: Uint8Array): Json {
  return JSON.parse(utf8.decode(bytes)) as Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A member of an object; undefined where it has no such member of its own, or is no object. */
export function memberOf(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** What a JSON Pointer finds in which * stands for every item of an array. Unknown places give nothing. */
export function valuesAt(value: Json, pointer: string): readonly Json[] {
  return tokensOf(pointer).reduce<readonly Json[]>(
    (found, token) =>
      found.flatMap((each): readonly Json[] => {
        if (!isArray(each)) return [memberOf(each, token)].filter((member) => member !== undefined);
        if (token === '*') return each;
        return /^\d+$/.test(token) ? each.slice(Number(token), Number(token) + 1) : [];
      }),
    [value],
  );
}

export function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A string as it is, a number or a boolean as JSON writes it; undefined for anything else. */
export function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : undefined;
}
