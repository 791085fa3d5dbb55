import { build, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { percentileShares, type Percentile } from '../model/load.ts';

/** A value that is kept is off by less than a thousandth, or by a microsecond. */
const digits = 3;
const microsecondsPerMs = 1000;
/** As far as a histogram reaches at first, in microseconds; it grows where something takes longer. */
const minuteUs = 60_000_000;

/**
 * How latencies are spread: an HdrHistogram of those that there are, in microseconds, and the number of those that never came. Histograms
 * are merged, percentiles never are: those of several are those of their sum.
 */
export class LatencyHistogram {
  readonly #came: Histogram;
  #never = 0;

  constructor(latencyMs: Iterable<number> = []) {
    this.#came = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: minuteUs,
      numberOfSignificantValueDigits: digits,
      bitBucketSize: 32,
      autoResize: true,
    });
    for (const ms of latencyMs) this.record(ms);
  }

  /** Takes one latency in milliseconds; Infinity for what never came. */
  record(ms: number): void {
    if (ms === Infinity) this.#never++;
    else this.#came.recordValue(Math.max(0, Math.round(ms * microsecondsPerMs)));
  }

  add(other: LatencyHistogram): this {
    this.#came.add(other.#came);
    this.#never += other.#never;
    return this;
  }

  get count(): number {
    return this.#came.totalCount + this.#never;
  }

  get never(): number {
    return this.#never;
  }

  /** The smallest latency that a share (0 to 1) of all of them does not exceed; NaN of none. */
  quantile(share: number): number {
    if (this.count === 0) return Number.NaN;
    const came = this.#came.totalCount;
    const rank = Math.max(1, Math.ceil(share * this.count));
    return rank > came ? Infinity : this.#came.getValueAtPercentile((100 * rank) / came) / microsecondsPerMs;
  }

  /** The curve, as far as there are enough of them. */
  percentiles(): readonly Percentile[] {
    const enough = (share: number): boolean => share === 1 || (1 - share) * this.count >= 1 - 1e-9;
    return this.count === 0
      ? []
      : percentileShares.filter(enough).map((share) => ({ share, ms: this.quantile(share) }));
  }

  /** In the interchange format of HdrHistogram (V2, compressed, base64): those that came, in microseconds. */
  encoded(): string {
    return encodeIntoCompressedBase64(this.#came);
  }
}
