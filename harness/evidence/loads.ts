import { loadOf, type Samples } from '../checkers/load.ts';
import { trialOf } from '../checkers/trial.ts';
import type { Service } from '../model/flow.ts';
import { loadFactor, percentileShares, type LoadSummary, type Spread, type SubscriberLatency } from '../model/load.ts';
import { quantile } from '../model/quantile.ts';
import type { JournalTrial } from './journal-reader.ts';

/**
 * What flows were driven with, and their latencies, from every sample in the journal: percentiles are exact, and nothing is put
 * into buckets.
 */
export function loadsOf(services: readonly Service[], trials: readonly JournalTrial[]): readonly LoadSummary[] {
  return trials.flatMap(({ header, history }) => {
    const service = services.find(({ flows }) => flows.some(({ id }) => id === header.flow));
    const flow = service?.flows.find(({ id }) => id === header.flow);
    if (service === undefined || flow === undefined) return [];
    const load = loadOf(trialOf({ service, flow, clauses: header.clauses }, history));
    if (load === undefined) return [];
    return [
      {
        flow: flow.id,
        trial: header.id,
        askedPerSecond: loadFactor * flow.peakPerSecond,
        drivenPerSecond: load.ratePerSecond,
        warmUp: load.warmUp,
        lateness: spreadOf(load.latenessMs),
        floor: spreadOf(load.idleLatenessMs),
        objectiveMs: flow.p99Ms,
        subscribers: load.subscribers.map((samples) => subscriberOf(samples, flow.p99Ms)),
      },
    ];
  });
}

function spreadOf(sorted: Float64Array): Spread {
  return {
    count: sorted.length,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    p999Ms: quantile(sorted, 0.999),
    maxMs: quantile(sorted, 1),
  };
}

function subscriberOf({ application, latencyMs }: Samples, objectiveMs: number): SubscriberLatency {
  const sorted = latencyMs.toSorted();
  const count = sorted.length;
  const told = percentileShares.filter((share) => share === 1 || (1 - share) * count >= 1 - 1e-9);
  return {
    application,
    count,
    unanswered: sorted.reduce((sum, ms) => sum + (ms === Infinity ? 1 : 0), 0),
    aboveObjective: sorted.reduce((sum, ms) => sum + (ms > objectiveMs ? 1 : 0), 0),
    percentiles: count === 0 ? [] : told.map((share) => ({ share, ms: quantile(sorted, share) })),
  };
}
