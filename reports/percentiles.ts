import type { SubscriberLatency } from '../harness/model/load.ts';
import { duration, NO_FIGURE } from './figures.ts';

/** A percentile as it is read: what never came is `never`, and what there are too few messages for has no figure. */
export function percentileText({ percentiles }: SubscriberLatency, share: number): string {
  const found = percentiles.find((point) => point.share === share);
  if (found === undefined) return NO_FIGURE;
  return found.ms === Infinity ? 'never' : duration(found.ms);
}
