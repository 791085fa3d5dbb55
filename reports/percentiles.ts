import type { LatencySummary, LoadSummary } from '../harness/model/load.ts';
import type { Run } from '../harness/model/run.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { duration, NO_FIGURE } from './figures.ts';

/** A percentile as it is read: what never came is `never`, and what there are too few messages for has no figure. */
export function percentileText({ percentiles }: LatencySummary, share: number): string {
  const found = percentiles.find((point) => point.share === share);
  if (found === undefined) return NO_FIGURE;
  return found.ms === Infinity ? 'never' : duration(found.ms);
}

/** Rows of a table of percentiles: each subscriber, and where there are several all of them together. */
export function latencyRows({ subscribers, together }: LoadSummary): readonly LatencyRow[] {
  const each = subscribers.map(({ application, ...latency }) => ({ who: application, latency }));
  return each.length < 2 ? each : [...each, { who: 'all together', latency: together }];
}

export interface LatencyRow {
  readonly who: string;
  readonly latency: LatencySummary;
}

/** Verdicts that the load of a flow is about. */
export function verdictsUnderLoad({ verdicts }: Run, load: LoadSummary): readonly Verdict[] {
  return verdicts.filter(({ trials }) => trials.some((trial) => load.trials.includes(trial)));
}
