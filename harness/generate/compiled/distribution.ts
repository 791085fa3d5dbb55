/** How sizes and magnitudes are spread: as the arbitraries of the same schema spread them. */
import type { Output } from './output.ts';

/** A number of elements or a length: mostly small, now and then anything, or exactly the most. */
export function size(out: Output, least: number, most: number): number {
  const slack = most - least;
  if (slack <= 8) return slack === 0 ? least : least + out.below(slack + 1);
  const scale = out.bits() & 15;
  if (scale === 15) return most - (out.bits() & 1);
  return least + out.below(Math.min(slack, scale < 11 ? 8 : scale < 14 ? 40 : slack) + 1);
}

/** How far a number is from the one nearest to 0: half of the time up to `small`, now and then anything up to `most`. */
export function distance(out: Output, most: number, small: number): number {
  if (most <= small) return most === 0 ? 0 : out.below(most + 1);
  const scale = out.bits() & 15;
  if (scale > 13) return scale === 15 ? most : most - (out.bits() & 1);
  return out.below((scale < 9 ? small : scale < 12 ? Math.min(most, small * 100) : most) + 1);
}
