import type { JsonObject, JsonValue } from '../harness/model/json.ts';

export type Writer<T> = (value: T) => JsonValue;

/** A writer for each member, optional ones included: a member that the model gains has to be entered before it compiles. */
export type Members<T> = { readonly [K in keyof Required<T>]: Writer<NonNullable<T[K]>> };

/** An object with exactly these members, in this order; absent ones are left out. */
export function object<T extends object>(members: Members<T>): Writer<T> {
  const entries = Object.entries(members) as [string, Writer<unknown>][];
  return (value) => {
    const given = value as Readonly<Record<string, unknown>>;
    const written = entries
      .filter(([name]) => given[name] !== undefined)
      .map(([name, write]) => [name, write(given[name])] as const);
    return Object.fromEntries(written) satisfies JsonObject;
  };
}

export function list<T>(write: Writer<T>): Writer<readonly T[]> {
  return (values) => values.map((value) => write(value));
}

export const text: Writer<string> = (value) => value;
export const flag: Writer<boolean> = (value) => value;
/** A number that JSON cannot say, such as the percentile of nothing, is null. */
export const figure: Writer<number> = (value) => (Number.isFinite(value) ? value : null);
export const texts = list(text);
