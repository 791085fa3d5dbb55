/** Length of the part of a pattern that is looked up; every pattern must be as long. */
export const gramLength = 6;
const base = 0x01000193;
const bitmapBits = 20;

interface Needle<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/**
 * Finds many byte strings in one pass, by a rolling hash of the first bytes of each (Rabin and Karp): the time hardly depends
 * on how many there are. Patterns shorter than `gramLength` are refused.
 */
export class ManyPatterns<T> {
  readonly #byHash = new Map<number, Needle<T>[]>();
  /** One bit for each hash, cut to 20 bits: most places of a text are settled by it. */
  readonly #bitmap = new Uint32Array(2 ** bitmapBits / 32);
  readonly #leading: number;

  constructor(patterns: Iterable<{ readonly bytes: Uint8Array; readonly value: T }>) {
    this.#leading = power(base, gramLength - 1);
    for (const needle of patterns) {
      if (needle.bytes.length < gramLength) throw new RangeError(`a pattern needs ${String(gramLength)} bytes`);
      const hash = hashAt(needle.bytes);
      const there = this.#byHash.get(hash);
      if (there === undefined) this.#byHash.set(hash, [needle]);
      else there.push(needle);
      const bit = hash >>> (32 - bitmapBits);
      this.#bitmap[bit >>> 5] = (this.#bitmap[bit >>> 5] ?? 0) | (1 << (bit & 31));
    }
  }

  /** Calls `onHit` for every place where a pattern stands. */
  search(text: Uint8Array, onHit: (value: T, at: number) => void): void {
    if (text.length < gramLength || this.#byHash.size === 0) return;
    const bitmap = this.#bitmap;
    const leading = this.#leading;
    let hash = hashAt(text);
    const last = text.length - gramLength;
    for (let at = 0; ; at++) {
      const bit = hash >>> (32 - bitmapBits);
      if (((bitmap[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0) this.#compare(text, at, hash, onHit);
      if (at === last) return;
      const leaving = Math.imul(text[at] ?? 0, leading);
      hash = (Math.imul(hash - leaving, base) + (text[at + gramLength] ?? 0)) >>> 0;
    }
  }

  #compare(text: Uint8Array, at: number, hash: number, onHit: (value: T, at: number) => void): void {
    for (const { bytes, value } of this.#byHash.get(hash) ?? []) {
      let same = 0;
      while (same < bytes.length && bytes[same] === text[at + same]) same++;
      if (same === bytes.length) onHit(value, at);
    }
  }
}

function hashAt(bytes: Uint8Array): number {
  let hash = 0;
  for (let at = 0; at < gramLength; at++) hash = (Math.imul(hash, base) + (bytes[at] ?? 0)) >>> 0;
  return hash;
}

function power(of: number, exponent: number): number {
  let result = 1;
  for (let times = 0; times < exponent; times++) result = Math.imul(result, of);
  return result;
}

/** A copy with the ASCII letters in lower case. */
export function folded(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let at = 0; at < copy.length; at++) {
    const byte = copy[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte + 0x20;
  }
  return copy;
}
