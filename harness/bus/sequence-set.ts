/** Sequences in one chunk of the set. */
const chunkSize = 4096;

/** A set of sequences, one bit each, in chunks: a million neighbouring ones take 128 kB. */
export class SequenceSet {
  readonly #chunks = new Map<number, Uint32Array>();

  has(sequence: number): boolean {
    const chunk = this.#chunks.get(Math.floor(sequence / chunkSize));
    const at = sequence % chunkSize;
    return chunk !== undefined && ((chunk[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
  }

  /** Adds a sequence; false where it was there already. */
  add(sequence: number): boolean {
    if (this.has(sequence)) return false;
    const key = Math.floor(sequence / chunkSize);
    let chunk = this.#chunks.get(key);
    if (chunk === undefined) this.#chunks.set(key, (chunk = new Uint32Array(chunkSize / 32)));
    const at = sequence % chunkSize;
    chunk[at >>> 5] = (chunk[at >>> 5] ?? 0) | (1 << (at & 31));
    return true;
  }

  remove(sequence: number): void {
    const chunk = this.#chunks.get(Math.floor(sequence / chunkSize));
    const at = sequence % chunkSize;
    if (chunk !== undefined) chunk[at >>> 5] = (chunk[at >>> 5] ?? 0) & ~(1 << (at & 31));
  }
}
