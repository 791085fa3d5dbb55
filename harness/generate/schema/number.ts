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

/** @returns undefined where no number obeys the rules */
export function numberOf(
  rules: NumberRules,
  also: (value: number) => boolean = () => true,
): Generator<number> | undefined {
  return gridded(rules, also, isAgreedMultiple) ?? gridded(rules, also, isMultiple);
}

function gridded(
  rules: NumberRules,
  also: (value: number) => boolean,
  isMultipleOf: (value: number, of: number) => boolean,
): Generator<number> | undefined {
  const obeys = (value: number): boolean =>
    value >= rules.minimum &&
    value <= rules.maximum &&
    value > rules.exclusiveMinimum &&
    value < rules.exclusiveMaximum &&
    (!rules.whole || Number.isInteger(value)) &&
    (!rules.fractional || !Number.isInteger(value)) &&
    rules.multiplesOf.every((one) => isMultipleOf(value, one)) &&
    also(value);
  const lower = Math.max(rules.minimum, rules.exclusiveMinimum);
  const upper = Math.min(rules.maximum, rules.exclusiveMaximum);
  if (lower > upper) return undefined;
  const low = Number.isFinite(lower) ? lower : Math.min(-USUAL, upper - USUAL);
  const high = Number.isFinite(upper) ? upper : Math.max(USUAL, lower + USUAL);
  const factors = rules.whole ? [...rules.multiplesOf, 1] : rules.multiplesOf;
  const grids = factors.length > 0 ? [gridOf(stepOf(factors), low, high)] : decimalGrids(low, high, rules.fractional);
  const usable = grids.filter((grid) => near(grid, grid.origin, obeys) !== undefined);
  const [first] = usable;
  if (first === undefined) return undefined;
  return (draw) => {
    const grid = usable[draw.int(usable.length - 1)] ?? first;
    const up = grid.last - grid.origin;
    const down = grid.origin - grid.first;
    const isDown = down > 0 && (up === 0 || draw.int(1) === 1);
    const far = draw.skewed(isDown ? down : up, 10);
    const index = grid.origin + (isDown ? -far : far);
    return near(grid, index, obeys) ?? (near(grid, grid.origin, obeys) as number);
  };
}

/** The numbers `index × step ÷ 10^digits`, for the indexes from `first` to `last`. */
interface Grid {
  readonly first: number;
  readonly last: number;
  /** The index nearest to 0. */
  readonly origin: number;
  readonly at: (index: number) => number;
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
  return { first, last, origin: Math.max(first, Math.min(last, 0)), at };
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
