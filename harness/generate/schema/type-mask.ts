/** The types of an instance as bits; an integer is a number too. */
export const TYPE_BITS: Readonly<Record<string, number>> = {
  null: 1,
  boolean: 2,
  integer: 4,
  number: 4 | 8,
  string: 16,
  array: 32,
  object: 64,
};
export const ANY_TYPE = 127;

export const typeMask = (type: unknown): number =>
  [type].flat().reduce<number>((mask, one) => mask | (TYPE_BITS[one as string] ?? 0), 0);
