/** Numbers within bounds, multiples included. The simplest is the whole number nearest to 0. */
import type { Generator } from './choices.ts';

export interface NumberRules {
  readonly minimum: number;
  readonly maximum: number;
  readonly exclusiveMinimum: number;
  readonly exclusiveMaximum: number;
  readonly multiplesOf: readonly number[];
  readonly whole: boolean;
  /** Only numbers that are not whole. */
  readonly fractional: boolean;
}

/** What numbers without bounds keep to: most languages' and databases' 32 bits. */
const USUAL = 2 ** 31 - 1;
const TRIES = 40;

/** A decimal as an integer over a power of ten. */
function decimals(value: number): number {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return Math.max(0, (mantissa.split('.')[1]?.length ?? 0) - Number(exponent));
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** The step of all multiples of each of the numbers: their least common multiple, exactly. */
function stepOf(factors: readonly number[]): { readonly step: bigint; readonly digits: number } {
  const digits = Math.max(0, ...factors.map(decimals));
  const scaled = factors.map((factor) => {
    const [mantissa, exponent] = factor.toExponential().split('e') as [string, string];
    const [whole, part = ''] = mantissa.split('.') as [string, string?];
    return BigInt(whole + part) * 10n ** BigInt(Number(exponent) - part.length + digits);
  });
  return { step: scaled.reduce((a, b) => (a * b) / gcd(a, b), 1n), digits };
}

const isMultiple = (value: number, of: number): boolean => Number.isInteger(value / of);

/** Some validators divide exactly, some take a remainder of less than 1e-7: these numbers are multiples to both. */
function isAgreedMultiple(value: number, of: number): boolean {
  const rest = value % of;
  return isMultiple(value, of) && Math.min(Math.abs(rest), Math.abs(of - rest)) < 1e-7;
}

export interface Numbers {
  readonly kind: 'numbers';
  readonly draw: Generator<number>;
  readonly grids: readonly Grid[];
  /** The number at an index of a grid, or the nearest that obeys the rules. */
  readonly at: (grid: Grid, index: number) => number;
  /** Whether the number at every index is itself one that obeys. */
  readonly isEvery: boolean;
}

/** @returns undefined where no number obeys the rules */
export function numberOf(rules: NumberRules, also?: (value: number) => boolean): Numbers | undefined {
  return gridded(rules, also, isAgreedMultiple) ?? gridded(rules, also, isMultiple);
}

function gridded(
  rules: NumberRules,
  also: ((value: number) => boolean) | undefined,
  isMultipleOf: (value: number, of: number) => boolean,
): Numbers | undefined {
  const obeys = (value: number): boolean =>
    value >= rules.minimum &&
    value <= rules.maximum &&
    value > rules.exclusiveMinimum &&
    value < rules.exclusiveMaximum &&
    (!rules.whole || Number.isInteger(value)) &&
    (!rules.fractional || !Number.isInteger(value)) &&
    rules.multiplesOf.every((one) => isMultipleOf(value, one)) &&
    (also === undefined || also(value));
  const lower = Math.max(rules.minimum, rules.exclusiveMinimum);
  const upper = Math.min(rules.maximum, rules.exclusiveMaximum);
  if (lower > upper) return undefined;
  const low = Number.isFinite(lower) ? lower : Math.max(-Number.MAX_VALUE, Math.min(-USUAL, upper - beyond(upper)));
  const high = Number.isFinite(upper) ? upper : Math.min(Number.MAX_VALUE, Math.max(USUAL, lower + beyond(lower)));
  const factors = rules.whole ? [...rules.multiplesOf, 1] : rules.multiplesOf;
  const grids = factors.length > 0 ? [gridOf(stepOf(factors), low, high)] : decimalGrids(low, high, rules.fractional);
  const usable = grids
    .filter((grid) => near(grid, grid.origin, obeys) !== undefined)
    .map((grid) => trimmed(grid, obeys));
  const edge = [lower, upper, lower + (upper - lower) / 2].find((one) => Number.isFinite(one) && obeys(one));
  if (usable.length === 0 && edge !== undefined)
    usable.push({ first: 0, last: 0, origin: 0, at: () => edge, digits: 0, step: 0n });
  const [first] = usable;
  if (first === undefined) return undefined;
  const at = (grid: Grid, index: number): number =>
    near(grid, index, obeys) ?? (near(grid, grid.origin, obeys) as number);
  const drawOne: Generator<number> = (draw) => {
    const grid = usable[draw.int(usable.length - 1)] ?? first;
    const up = grid.last - grid.origin;
    const down = grid.origin - grid.first;
    const isDown = down > 0 && (up === 0 || draw.int(1) === 1);
    const far = draw.skewed(isDown ? down : up, 10);
    return at(grid, grid.origin + (isDown ? -far : far));
  };
  const isEvery = rules.multiplesOf.length === 0 && !rules.fractional && also === undefined;
  return { kind: 'numbers', draw: drawOne, grids: usable, isEvery, at };
}

/** Without a first or last number that an exclusive bound shuts out. */
function trimmed(grid: Grid, obeys: (value: number) => boolean): Grid {
  const first = obeys(grid.at(grid.first)) ? grid.first : Math.min(grid.first + 1, grid.last);
  const last = obeys(grid.at(grid.last)) ? grid.last : Math.max(grid.last - 1, first);
  return { ...grid, first, last, origin: Math.max(first, Math.min(last, grid.origin)) };
}

/** How far beyond its one bound a number may be. */
const beyond = (bound: number): number => (Number.isFinite(bound) ? Math.max(USUAL, Math.abs(bound)) : USUAL);

/** The numbers `index × step ÷ 10^digits`, for the indexes from `first` to `last`. */
export interface Grid {
  readonly first: number;
  readonly last: number;
  /** The index nearest to 0. */
  readonly origin: number;
  readonly at: (index: number) => number;
  readonly digits: number;
  /** As an integer, to be divided by the power of ten. */
  readonly step: bigint;
}

function gridOf(
  { step: finest, digits }: { readonly step: bigint; readonly digits: number },
  low: number,
  high: number,
): Grid {
  const limit = 2 ** 52;
  // Bounds out of reach of exact indexes: only every tenth, hundredth … step then.
  const nearest = Math.min(Math.abs(low), Math.abs(high), low <= 0 && high >= 0 ? 0 : Infinity);
  let step = finest;
  while (nearest / (Number(step) / 10 ** digits) > limit) step *= 10n;
  const width = Number(step) / 10 ** digits;
  const clip = (index: number): number => Math.max(-limit, Math.min(limit, index)) + 0;
  const first = clip(Math.ceil(low / width - 1e-9));
  const last = clip(Math.floor(high / width + 1e-9));
  const exact = digits === 0 && step <= BigInt(Number.MAX_SAFE_INTEGER);
  const at = (index: number): number => {
    if (exact && Math.abs(index * Number(step)) <= Number.MAX_SAFE_INTEGER) return index * Number(step) + 0;
    const scaled = BigInt(index) * step;
    return Number(`${scaled}e-${digits}`) + 0;
  };
  return { first, last, origin: Math.max(first, Math.min(last, 0)), at, digits, step };
}

/** Whole numbers, then tenths, hundredths, millionths; finer ones where the bounds are that narrow. */
function decimalGrids(low: number, high: number, fractional: boolean): Grid[] {
  const width = high - low;
  const fine = width > 0 ? Math.max(0, Math.ceil(-Math.log10(width)) + 1) : decimals(low);
  const digits = [0, 1, 2, 6, fine, fine + 2].filter(
    (one, i, all) => all.indexOf(one) === i && (!fractional || one > 0),
  );
  return digits
    .filter(
      (one) =>
        (one <= 300 && Math.max(Math.abs(low), Math.abs(high)) * 10 ** one < Number.MAX_SAFE_INTEGER) || one === 0,
    )
    .map((one) => gridOf({ step: 1n, digits: one }, low, high))
    .filter((grid) => grid.first <= grid.last);
}

/** The number at that index, or the nearest that obeys, a bounded number of places away. */
function near(grid: Grid, index: number, obeys: (value: number) => boolean): number | undefined {
  for (let away = 0; away < TRIES; away += 1)
    for (const at of away === 0 ? [index] : [index + away, index - away]) {
      if (at < grid.first || at > grid.last) continue;
      const value = grid.at(at);
      if (obeys(value)) return value;
    }
  return undefined;
}
