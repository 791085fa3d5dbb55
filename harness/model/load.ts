/** An open loop begins so long after its trial at the latest, in milliseconds: until then its messages were being made, and grew older. */
export const latestStartMs = 30_000;

/** A flow's peak times this is what its objective has to hold at. */
export const loadFactor = 1.5;

/** How one flow was driven in an open loop, and what came of it. Times are in milliseconds. */
export interface LoadSummary {
  readonly flow: string;
  readonly trials: readonly string[];
  /** What the clause asks for: so much of the flow's peak. */
  readonly askedPerSecond: number;
  /** What was intended, the least of its trials; more than asked for where a verdict would take too long otherwise. */
  readonly drivenPerSecond: number;
  /** Sends that were not measured. */
  readonly warmUp: number;
  /** How late the generator came to a send that was measured: its own doing, and part of the latencies. */
  readonly lateness: Spread;
  /** The same where it sent nothing: no tail on this machine can be shorter. */
  readonly floor: Spread;
  readonly objectiveMs: number;
  readonly subscribers: readonly SubscriberLatency[];
  /** All subscribers together: the sum of their histograms. */
  readonly together: LatencySummary;
}

export interface Spread {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Latencies from the intended send to the receipt, or to the reply. */
export interface LatencySummary {
  readonly count: number;
  /** Those that never came among them. */
  readonly unanswered: number;
  readonly aboveObjective: number;
  /** The curve, rising. */
  readonly percentiles: readonly Percentile[];
  /** HdrHistogram of those that came, in microseconds (V2, compressed, base64): what is merged where percentiles cannot be. */
  readonly histogram: string;
}

/** `share` of the messages took `ms` or less; Infinity where they never came. */
export interface Percentile {
  readonly share: number;
  readonly ms: number;
}

/** At one receiving application, or at an asking one. */
export interface SubscriberLatency extends LatencySummary {
  readonly application: string;
}

/** Shares whose percentile is told, as far as there are enough messages; the largest value comes last, as 1. */
export const percentileShares = [0, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999, 0.9995, 0.9999, 1] as const;
