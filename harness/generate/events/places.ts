import { isJsonObject, pointerToken, valuesAt, type JsonValue } from '../../model/json.ts';

/** The JSON Pointers that a pointer with `*` stands for in a value. */
export function placesOf(value: JsonValue, pointer: string): readonly string[] {
  const star = pointer.indexOf('/*');
  if (star < 0) return valuesAt(value, pointer).length > 0 ? [pointer] : [];
  const items = valuesAt(value, pointer.slice(0, star))[0];
  if (!Array.isArray(items)) return [];
  return items.flatMap((_, index) =>
    placesOf(value, `${pointer.slice(0, star)}/${String(index)}${pointer.slice(star + 2)}`),
  );
}

/** A string or number within a value, with its JSON Pointer. */
export interface Leaf {
  readonly place: string;
  readonly value: string | number;
}

/** Every string and number of a value. */
export function leavesOf(value: JsonValue, at = ''): readonly Leaf[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ place: at, value }];
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).flatMap((item, index) => leavesOf(item, `${at}/${String(index)}`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, `${at}/${pointerToken(name)}`));
}
