/** Where bytes are written to, and the chance by which they are chosen. */

/**
 * A write past the end of `bytes` is lost without an error, so writers test nothing: who began the value sees that `at` has run
 * past the end, and writes it again, from the same seed, into more room.
 */
export class Output {
  bytes: Uint8Array;
  at = 0;
  /** Objects and arrays begun in one value. */
  visits = 0;
  /** State of xoroshiro64** (Blackman and Vigna 2018). */
  s0 = 0;
  s1 = 0;

  constructor(bytes: Uint8Array, seed: number) {
    this.bytes = bytes;
    this.s0 = mixed(seed);
    this.s1 = mixed(seed ^ 0x9e3779b9) | 1;
    for (let i = 0; i < 8; i += 1) this.bits();
  }

  /** 32 bits, as a signed integer. */
  bits(): number {
    const { s0 } = this;
    const s1 = this.s1 ^ s0;
    const product = Math.imul(s0, 0x9e3779bb);
    this.s0 = ((s0 << 26) | (s0 >>> 6)) ^ s1 ^ (s1 << 9);
    this.s1 = (s1 << 13) | (s1 >>> 19);
    return Math.imul((product << 5) | (product >>> 27), 5);
  }

  /** An integer from 0 to below `count`, which is at most 2^53. */
  below(count: number): number {
    if (count <= 0x1_0000_0000) return Math.floor(((this.bits() >>> 0) / 0x1_0000_0000) * count);
    return Math.floor((((this.bits() >>> 5) * 0x400_0000 + (this.bits() >>> 6)) / 2 ** 53) * count);
  }

  copy(from: Uint8Array): void {
    const { length } = from;
    if (length > 48) {
      if (this.at + length <= this.bytes.length) this.bytes.set(from, this.at);
      this.at += length;
      return;
    }
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < length; i += 1) bytes[at++] = from[i] as number;
    this.at = at;
  }
}

/** The finalizer of MurmurHash3: near seeds come far apart. */
function mixed(seed: number): number {
  let hash = seed | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** Writes one value. */
export type Write = (out: Output) => void;
