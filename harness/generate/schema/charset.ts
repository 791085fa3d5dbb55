/**
 * Sets of characters as sorted, disjoint ranges of code points: `[from, to, from, to, …]`.
 *
 * Text is made of a part of Unicode only: the Basic Multilingual Plane without surrogates, emoji and
 * some of the ideographs beyond it. Complements are taken within that part.
 */
export type Ranges = readonly number[];

/** The symbol that stands for the end of a text in an expression; no character. */
export const END = 0x110000;

export const UNIVERSE: Ranges = [0, 0xd7ff, 0xe000, 0xfffd, 0x1f300, 0x1faff, 0x20000, 0x200ff];
export const NOTHING: Ranges = [];

export function normal(pairs: readonly (readonly [number, number])[]): Ranges {
  const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [from, to] of sorted) {
    const last = out.length - 1;
    if (last > 0 && from <= (out[last] as number) + 1) out[last] = Math.max(out[last] as number, to);
    else out.push(from, to);
  }
  return out;
}

export function pairs(set: Ranges): [number, number][] {
  const out: [number, number][] = [];
  for (let i = 0; i < set.length; i += 2) out.push([set[i] as number, set[i + 1] as number]);
  return out;
}

export const union = (...sets: readonly Ranges[]): Ranges => normal(sets.flatMap(pairs));

export function intersection(a: Ranges, b: Ranges): Ranges {
  const out: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i] as number, b[j] as number);
    const to = Math.min(a[i + 1] as number, b[j + 1] as number);
    if (from <= to) out.push(from, to);
    if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
    else j += 2;
  }
  return out;
}

export function complement(set: Ranges): Ranges {
  const out: number[] = [];
  let from = 0;
  for (const [low, high] of pairs(set)) {
    if (low > from) out.push(from, low - 1);
    from = high + 1;
  }
  if (from <= 0x10ffff) out.push(from, 0x10ffff);
  return intersection(out, UNIVERSE);
}

export const size = (set: Ranges): number => pairs(set).reduce((sum, [from, to]) => sum + to - from + 1, 0);

export const has = (set: Ranges, point: number): boolean => {
  for (let i = 0; i < set.length; i += 2)
    if (point >= (set[i] as number) && point <= (set[i + 1] as number)) return true;
  return false;
};

export function nth(set: Ranges, index: number): number {
  let left = index;
  for (let i = 0; i < set.length; i += 2) {
    const width = (set[i + 1] as number) - (set[i] as number) + 1;
    if (left < width) return (set[i] as number) + left;
    left -= width;
  }
  throw new RangeError(`character ${index} of a set of ${size(set)}`);
}

/** The characters of the universe that a `\p{…}` or `\s` escape, given in source form, matches. */
const escapes = new Map<string, Ranges>();
export function matching(source: string): Ranges {
  const known = escapes.get(source);
  if (known !== undefined) return known;
  const test = new RegExp(`^${source}$`, 'u');
  const out: number[] = [];
  for (const [from, to] of pairs(UNIVERSE)) {
    let start = -1;
    for (let point = from; point <= to + 1; point += 1) {
      const inside = point <= to && test.test(String.fromCodePoint(point));
      if (inside && start < 0) start = point;
      if (!inside && start >= 0) {
        out.push(start, point - 1);
        start = -1;
      }
    }
  }
  escapes.set(source, out);
  return out;
}

const points = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0);

/** Simplest first: what a reader would write down himself. */
const PLAIN = points('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ ');
const PUNCTUATION = points(`-_.,:;/()'"!?&+*=<>@#$%[]{}|~^\`\\`);
/** Accents, other scripts, right-to-left, combining marks, wide, emoji with and without joiners, and line ends. */
const BEYOND = points('éàüöñçßøŁłČŽığΩλжЯשלامไทย한중日本語漢字ǅﬁ–—‘’“”…€£½²™\u0301\u200d\ufeff😀🚓👮🦊𠀋\t\n\r');

/** The three groups of a set's characters that text is made of, each simplest first. */
export interface Palette {
  readonly plain: readonly number[];
  readonly printable: readonly number[];
  readonly all: readonly number[];
  readonly set: Ranges;
  readonly size: number;
}

export function palette(set: Ranges): Palette {
  const of = (from: readonly number[]): number[] => from.filter((point) => has(set, point));
  const plain = of(PLAIN);
  const printable = [...plain, ...of(PUNCTUATION)];
  const all = [...printable, ...of(BEYOND)];
  const count = size(set);
  const first = all.length > 0 ? all : Array.from({ length: Math.min(count, 64) }, (_, i) => nth(set, i));
  return {
    all: first,
    printable: printable.length > 0 ? printable : first,
    plain: plain.length > 0 ? plain : printable.length > 0 ? printable : first,
    set,
    size: count,
  };
}
