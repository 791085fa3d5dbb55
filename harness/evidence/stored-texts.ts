import { NONE, Texts } from '../model/table.ts';

/** Most bytes of texts a frame, but for a single text that is longer. */
const frameBytes = 1 << 24;

/** Texts as payloads: u32 count, u32 end of each text, their UTF-8 bytes. What is no well-formed Unicode is written as U+FFFD. */
export function* encodeTexts(texts: readonly string[]): Generator<Uint8Array> {
  for (let from = 0; from < texts.length;) {
    const head = [0];
    let bytes = 0;
    let to = from;
    for (; to < texts.length && (to === from || bytes < frameBytes); to++)
      head.push((bytes += Buffer.byteLength(texts[to] ?? '')));
    head[0] = to - from;
    const payload = Buffer.alloc(4 * head.length + bytes);
    payload.set(new Uint8Array(Uint32Array.from(head).buffer));
    for (let at = 4 * head.length; from < to; from++) at += payload.write(texts[from] ?? '', at);
    yield payload;
  }
}

/** A part of the texts, as it lies in the file. */
export interface TextBlock {
  readonly ends: Uint32Array;
  readonly bytes: Buffer;
}

/** The texts of a payload, as views of it; undefined where it is none of texts. */
export function decodeTexts(payload: Buffer): TextBlock | undefined {
  if (payload.length < 4) return undefined;
  const count = payload.readUInt32LE(0);
  const start = 4 * (count + 1);
  if (start > payload.length) return undefined;
  const ends = new Uint32Array(payload.buffer, payload.byteOffset + 4, count);
  let before = 0;
  for (const end of ends) {
    if (end < before) return undefined;
    before = end;
  }
  return before === payload.length - start ? { ends, bytes: payload.subarray(start) } : undefined;
}

/**
 * The texts of a journal, each decoded when it is asked for: of a million ids a judgement reads few. They do not grow.
 */
export class StoredTexts extends Texts {
  readonly #blocks: readonly TextBlock[];
  /** Index of each block's first text. */
  readonly #starts: readonly number[];
  readonly #found = new Map<string, number>();
  readonly #length: number;

  constructor(blocks: readonly TextBlock[]) {
    super();
    this.#blocks = blocks;
    let length = 0;
    this.#starts = blocks.map(({ ends }) => (length += ends.length) - ends.length);
    this.#length = length;
  }

  override get length(): number {
    return this.#length;
  }

  override get list(): readonly string[] {
    return Array.from({ length: this.#length }, (_, index) => this.at(index));
  }

  override at(index: number): string {
    for (let block = this.#blocks.length - 1; block >= 0; block--) {
      const start = this.#starts[block] ?? 0;
      if (index < start) continue;
      const { ends, bytes } = this.#blocks[block] as TextBlock;
      const end = ends[index - start];
      return end === undefined ? '' : bytes.toString('utf8', index === start ? 0 : ends[index - start - 1], end);
    }
    return '';
  }

  /** Looks through all of them, once for each text: a judgement looks for names of applications and reasons, no more. */
  override find(text: string): number {
    const known = this.#found.get(text) ?? this.#search(Buffer.from(text, 'utf8'));
    this.#found.set(text, known);
    return known;
  }

  override intern(): never {
    throw new TypeError('the texts of a journal do not grow');
  }

  #search(wanted: Buffer): number {
    for (const [block, { ends, bytes }] of this.#blocks.entries()) {
      let from = 0;
      for (let index = 0; index < ends.length; index++) {
        const end = ends[index] ?? 0;
        if (end - from === wanted.length && bytes.compare(wanted, 0, wanted.length, from, end) === 0) {
          return (this.#starts[block] ?? 0) + index;
        }
        from = end;
      }
    }
    return NONE;
  }
}
