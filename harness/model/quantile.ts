/** The smallest of the sorted values that a share (0 to 1) of all of them does not exceed; NaN of none. */
export function quantile(sorted: Float64Array, share: number): number {
  return sorted.length === 0 ? Number.NaN : (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
}
