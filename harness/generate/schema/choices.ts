/**
 * Values as the outcome of a sequence of choices, after Hypothesis: a generator asks for small
 * integers, 0 always being the simplest answer; shrinking shortens and lowers the sequence and runs
 * the generator again. So whatever is shrunk is still what the generator makes: still valid.
 */
import fc from 'fast-check';

type Random = Parameters<fc.Arbitrary<unknown>['generate']>[0];

/** Part of a choice sequence. `lengthAt` is the choice that says how many elements its list has. */
interface Span {
  readonly start: number;
  readonly end: number;
  readonly lengthAt: number;
}

export type Generator<T> = (draw: Draw) => T;

/** Nodes visited for one value; past it everything is as simple as can be. */
const MAX_VISITS = 400;
/** Candidates that one shrink step may offer. */
const MAX_CANDIDATES = 4_000;

export class Draw {
  readonly choices: number[] = [];
  readonly active: Record<number, number> = {};
  readonly spans: Span[] | undefined;
  readonly replaying: boolean;
  visits = 0;
  #simplest = 0;
  readonly #random: Random | undefined;
  readonly #script: readonly number[];
  #at = 0;

  constructor(source: Random | readonly number[], recordSpans = false) {
    this.replaying = Array.isArray(source);
    this.#random = this.replaying ? undefined : (source as Random);
    this.#script = this.replaying ? (source as readonly number[]) : [];
    this.spans = recordSpans ? [] : undefined;
  }

  /** Where chance comes from; undefined while choices are replayed or all simplest. */
  get chance(): Random | undefined {
    return this.#simplest > 0 ? undefined : this.#random;
  }

  /** An integer from 0 (simplest) to `max`, both included. */
  int(max: number): number {
    return max <= 0 ? 0 : this.choose(max, this.chance?.nextInt(0, max) ?? 0);
  }

  /** The same, where chance has `sampled` it already, by a distribution of its own. Recorded even where `max` is 0. */
  choose(max: number, sampled: number): number {
    if (this.#simplest > 0) return 0;
    let choice = sampled;
    if (this.#random === undefined) {
      const scripted = this.#script[this.#at] ?? 0;
      this.#at += 1;
      choice = scripted > max ? max : scripted;
    }
    this.choices.push(choice);
    return choice;
  }

  /** The same: half of the time up to `small`, now and then up to a hundred times that, anything, or `max` itself. */
  skewed(max: number, small: number): number {
    const random = this.chance;
    if (max <= small || random === undefined) return this.int(max);
    const scale = random.nextInt(0, 15);
    if (scale > 13) return this.choose(max, max - (scale === 15 ? 0 : random.nextInt(0, 1)));
    const reach = scale < 9 ? small : scale < 12 ? Math.min(max, small * 100) : max;
    return this.choose(max, random.nextInt(0, reach));
  }

  /** A number of elements from `min` to `max`: mostly small, now and then exactly the most. */
  length(min: number, max: number): number {
    const slack = max - min;
    const random = this.chance;
    if (slack <= 8 || random === undefined) return min + this.int(slack);
    const scale = random.nextInt(0, 15);
    if (scale === 15) return min + this.choose(slack, slack - random.nextInt(0, 1));
    return min + this.choose(slack, random.nextInt(0, Math.min(slack, scale < 11 ? 8 : scale < 14 ? 40 : slack)));
  }

  /** Where the choice just made stands; for `close` of a list's elements. */
  get last(): number {
    return this.choices.length - 1;
  }

  get position(): number {
    return this.choices.length;
  }

  close(start: number, lengthAt = -1): void {
    if (this.spans !== undefined && this.choices.length > start)
      this.spans.push({ start, end: this.choices.length, lengthAt });
  }

  /** Forgets the choices since `position`, made for a value that was thrown away. */
  rewind(position: number): void {
    this.choices.length = position;
    if (this.spans === undefined) return;
    while ((this.spans.at(-1)?.end ?? 0) > position) this.spans.pop();
  }

  get simplest(): boolean {
    return this.#simplest > 0 || this.visits > MAX_VISITS;
  }

  /** Runs `body` with every choice the simplest. */
  simply<T>(body: () => T): T {
    this.#simplest += 1;
    try {
      return body();
    } finally {
      this.#simplest -= 1;
    }
  }
}

const smaller = (a: readonly number[], b: readonly number[]): boolean => {
  if (a.length !== b.length) return a.length < b.length;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  return false;
};

/** Sequences worth a try, most drastic first. */
function* candidates(choices: readonly number[], spans: readonly Span[]): Sequence<number[]> {
  yield [];
  const bySize = spans.toSorted((a, b) => b.end - b.start - (a.end - a.start));
  for (const { start, end, lengthAt } of bySize) {
    const rest = choices.slice(end);
    if (lengthAt >= 0 && (choices[lengthAt] ?? 0) > 0) {
      const shorter = [...choices.slice(0, start), ...rest];
      shorter[lengthAt] = (choices[lengthAt] as number) - 1;
      yield shorter;
    }
    yield [...choices.slice(0, start), 0, ...rest];
    yield [...choices.slice(0, start), ...rest];
    yield choices.with(start, 0).fill(0, start, end);
  }
  for (let size = 8; size >= 1; size = size >> 1)
    for (let at = 0; at + size <= choices.length; at += 1) {
      const before = choices.slice(0, at);
      const after = choices.slice(at + size);
      const last = before.at(-1) ?? 0;
      if (last >= size) yield [...before.with(-1, last - size), ...after];
    }
  for (let at = 0; at < choices.length; at += 1) {
    const value = choices[at] as number;
    if (value === 0) continue;
    yield choices.with(at, 0);
    for (let gap = Math.floor(value / 2); gap >= 1; gap = Math.floor(gap / 2)) yield choices.with(at, value - gap);
  }
}
type Sequence<T> = globalThis.Generator<T, void>;

function* shrinks<T>(generate: Generator<T>, choices: readonly number[], most: number): Sequence<fc.Value<T>> {
  const whole = new Draw(choices, true);
  generate(whole);
  let tried = 0;
  for (const candidate of candidates(whole.choices, whole.spans ?? [])) {
    if ((tried += 1) > most) return;
    const draw = new Draw(candidate);
    const value = generate(draw);
    if (smaller(draw.choices, choices)) yield new fc.Value(value, draw.choices);
  }
}

class ChoiceArbitrary<T> extends fc.Arbitrary<T> {
  readonly #generate: Generator<T>;

  constructor(generate: Generator<T>) {
    super();
    this.#generate = generate;
  }

  override generate(random: Random): fc.Value<T> {
    const draw = new Draw(random);
    return new fc.Value(this.#generate(draw), draw.choices);
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  override shrink(_value: T, context: unknown): fc.Stream<fc.Value<T>> {
    if (!Array.isArray(context)) return fc.Stream.nil();
    return fc.stream(shrinks(this.#generate, context as number[], MAX_CANDIDATES));
  }
}

export const arbitraryOf = <T>(generate: Generator<T>): fc.Arbitrary<T> => new ChoiceArbitrary(generate);

/** The outcome of the simplest choices. */
export const simplestOf = <T>(generate: Generator<T>): T => generate(new Draw([]));

/** Steps that `search` takes towards a smaller outcome, and candidates that it tries for each: what it finds need not be the smallest. */
const MAX_STEPS = 20;
const MAX_STEP_CANDIDATES = 40;

/** A small outcome that `accept` accepts, looked for in at most `tries` draws; undefined if none was found. */
export function search<T>(
  generate: Generator<T>,
  accept: (value: T) => boolean,
  tries: number,
): { readonly value: T } | undefined {
  const simplest = simplestOf(generate);
  if (accept(simplest)) return { value: simplest };
  const traced = arbitraryOf((draw) => ({ value: generate(draw), choices: draw.choices }));
  let best: Found<T> | undefined;
  // Few at first: most outcomes are accepted at once, and a sample is drawn whole.
  for (let drawn = 0, numRuns = 1; best === undefined && drawn < tries; drawn += numRuns, numRuns *= 2) {
    best = fc.sample(traced, { seed: numRuns, numRuns }).find((found) => accept(found.value));
  }
  for (let step = 0; best !== undefined && step < MAX_STEPS; step += 1) {
    const next: Found<T> | undefined = firstAccepted(generate, best, accept);
    if (next === undefined) break;
    best = next;
  }
  return best;
}

interface Found<T> {
  readonly value: T;
  readonly choices: readonly number[];
}

function firstAccepted<T>(generate: Generator<T>, from: Found<T>, accept: (value: T) => boolean): Found<T> | undefined {
  for (const { value, context } of shrinks(generate, from.choices, MAX_STEP_CANDIDATES))
    if (accept(value)) return { value, choices: context as number[] };
  return undefined;
}
