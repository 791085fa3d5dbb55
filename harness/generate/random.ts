import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The one home of randomness: everything random in a run comes from its seed through here, or through fast-check seeded from here. */
export interface Random {
  /** An integer from `least` to `most`, both included. */
  integer(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** A seed for something of its own. */
  seed(): number;
  /** `length` characters of an alphabet. */
  text(length: number, alphabet: string): string;
}

export function randomFrom(seed: number): Random {
  const generator = xoroshiro128plus(seed | 0);
  const integer = (least: number, most: number): number => uniformInt(generator, least, most);
  return {
    integer,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[integer(0, list.length - 1)] as T;
    },
    seed: () => integer(-0x80000000, 0x7fffffff),
    text: (length, alphabet) => Array.from({ length }, () => alphabet.charAt(integer(0, alphabet.length - 1))).join(''),
  };
}

/** So many bytes of a seed (SHAKE128), at once: a number for each of their words would take ten times as long. */
export function bytesFrom(seed: number, length: number): Buffer {
  return createHash('shake128', { outputLength: length }).update(String(seed)).digest();
}

/** A seed from a seed and a name (FNV-1a): each trial has its own, whatever else runs. */
export function seedOf(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let at = 0; at < name.length; at++) {
    hash ^= name.charCodeAt(at);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash | 0;
}
