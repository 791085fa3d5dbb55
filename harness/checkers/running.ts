/** The largest of the values that were added up to a moment. They are added in the order of their times. */
export class RunningMaximum {
  readonly #at: number[] = [];
  readonly #largest: number[] = [];

  add(at: number, value: number): void {
    this.#at.push(at);
    this.#largest.push(Math.max(value, this.#largest.at(-1) ?? -Infinity));
  }

  /** -Infinity where nothing was added by then. */
  by(moment: number): number {
    return this.#largest[countUpTo(this.#at, moment) - 1] ?? -Infinity;
  }
}

/** The sum of the values that were added up to a moment. They are added in the order of their times. */
export class RunningSum {
  readonly #at: number[] = [];
  readonly #sum: number[] = [];

  add(at: number, value: number): void {
    this.#at.push(at);
    this.#sum.push(value + (this.#sum.at(-1) ?? 0));
  }

  by(moment: number): number {
    return this.#sum[countUpTo(this.#at, moment) - 1] ?? 0;
  }
}

/** How many of the rising times are not after a moment. */
function countUpTo(times: readonly number[], moment: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}
