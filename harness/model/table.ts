/**
 * Tables of the history: a struct of arrays each, so that ten million rows are a few flat arrays that checkers scan.
 * Column types: `time` milliseconds since the trial's start; `count` an unsigned integer, or NONE; `text` an index into
 * the history's texts; a list of words for one of them.
 */
export type ColumnType = 'time' | 'count' | 'text' | readonly string[];
export type TableShape = Readonly<Record<string, ColumnType>>;

/** The `count` that stands for "there is none". */
export const NONE = 0xffffffff;

/** Three-valued fact. */
export const fact = ['unknown', 'no', 'yes'] as const;
export type Fact = (typeof fact)[number];

type Cell<T extends ColumnType> = T extends 'time' | 'count'
  ? number
  : T extends 'text'
    ? string
    : T extends readonly (infer Word)[]
      ? Word
      : never;

type Column<T extends ColumnType> = T extends 'time'
  ? Float64Array
  : T extends 'count' | 'text'
    ? Uint32Array
    : Uint8Array;

export type Row<S extends TableShape> = { readonly [K in keyof S]: Cell<S[K]> };

export interface Table<S extends TableShape> {
  readonly length: number;
  readonly columns: { readonly [K in keyof S]: Column<S[K]> };
}

/** Strings, each kept once; index 0 is the empty one. */
export class Texts {
  readonly #list: string[];
  /** Made when it is first asked for: a journal of a million ids is judged without it. */
  #lookup: Map<string, number> | undefined;

  constructor(list: readonly string[] = ['']) {
    this.#list = [...list];
  }

  get #index(): Map<string, number> {
    return (this.#lookup ??= new Map(this.#list.map((text, index) => [text, index])));
  }

  get list(): readonly string[] {
    return this.#list;
  }

  get length(): number {
    return this.#list.length;
  }

  intern(text: string): number {
    const known = this.#index.get(text);
    if (known !== undefined) return known;
    const index = this.#list.length;
    this.#list.push(text);
    this.#index.set(text, index);
    return index;
  }

  /** Index of a text that is there, else NONE; for comparing with a column. */
  find(text: string): number {
    return this.#index.get(text) ?? NONE;
  }

  at(index: number): string {
    return this.#list[index] ?? '';
  }
}

export function newColumn(type: ColumnType, capacity: number): Float64Array | Uint32Array | Uint8Array {
  if (type === 'time') return new Float64Array(capacity);
  return typeof type === 'string' ? new Uint32Array(capacity) : new Uint8Array(capacity);
}

/** The number that a cell's column holds. A word outside of its list is a harness error. */
export function encodeCell(type: ColumnType, value: number | string, texts: Texts): number {
  if (type === 'text') return texts.intern(String(value));
  if (typeof type === 'string') return Number(value);
  const code = type.indexOf(String(value));
  if (code < 0) throw new RangeError(`"${String(value)}" is none of ${type.join(', ')}`);
  return code;
}

export function decodeCell(type: ColumnType, value: number, texts: Texts): number | string {
  if (type === 'text') return texts.at(value);
  return typeof type === 'string' ? value : (type[value] ?? '');
}

/** Code of a word in its column's list, for comparing inside a scan. */
export function codeOf<const Words extends readonly string[]>(words: Words, word: Words[number]): number {
  return words.indexOf(word);
}
