import { loadOf, type Load } from '../checkers/load.ts';
import { trialOf } from '../checkers/trial.ts';
import type { Flow, Service } from '../model/flow.ts';
import { loadFactor, type LatencySummary, type LoadSummary, type Spread } from '../model/load.ts';
import { LatencyHistogram } from './histogram.ts';
import type { JournalTrial } from './journal-reader.ts';

interface DrivenTrial {
  readonly id: string;
  readonly load: Load;
}

/**
 * What each flow was driven with, and its latencies, as histograms of the samples in the journal: those of several trials are the sum
 * of theirs. Whether an objective holds is no matter of these: the checker counts the samples of each trial themselves.
 */
export function loadsOf(services: readonly Service[], trials: readonly JournalTrial[]): readonly LoadSummary[] {
  return services.flatMap((service) =>
    service.flows.flatMap((flow) => {
      const driven = trials.flatMap(({ header, history }): DrivenTrial | [] => {
        if (header.flow !== flow.id) return [];
        const load = loadOf(trialOf({ service, flow, clauses: header.clauses }, history));
        return load === undefined ? [] : { id: header.id, load };
      });
      return driven.length === 0 ? [] : [summaryOf(flow, driven)];
    }),
  );
}

function summaryOf(flow: Flow, driven: readonly DrivenTrial[]): LoadSummary {
  const loads = driven.map(({ load }) => load);
  const samples = Map.groupBy(
    loads.flatMap(({ subscribers }) => subscribers),
    ({ application }) => application,
  );
  const subscribers = [...samples].map(([application, of]) => ({
    application,
    histogram: sum(of.map(({ latencyMs }) => latencyMs)),
    above: of.reduce((count, { latencyMs }) => count + aboveOf(latencyMs, flow.p99Ms), 0),
  }));
  const together = new LatencyHistogram();
  for (const { histogram } of subscribers) together.add(histogram);
  return {
    flow: flow.id,
    trials: driven.map(({ id }) => id),
    askedPerSecond: loadFactor * flow.peakPerSecond,
    drivenPerSecond: Math.min(...loads.map(({ ratePerSecond }) => ratePerSecond)),
    warmUp: loads.reduce((count, { warmUp }) => count + warmUp, 0),
    lateness: spreadOf(loads.map(({ latenessMs }) => latenessMs)),
    floor: spreadOf(loads.map(({ idleLatenessMs }) => idleLatenessMs)),
    objectiveMs: flow.p99Ms,
    subscribers: subscribers.map(({ application, histogram, above }) => ({
      application,
      ...latencyOf(histogram, above),
    })),
    together: latencyOf(
      together,
      subscribers.reduce((count, { above }) => count + above, 0),
    ),
  };
}

function sum(parts: readonly Float64Array[]): LatencyHistogram {
  const whole = new LatencyHistogram();
  for (const part of parts) whole.add(new LatencyHistogram(part));
  return whole;
}

function spreadOf(parts: readonly Float64Array[]): Spread {
  const histogram = sum(parts);
  const [p50Ms = 0, p99Ms = 0, p999Ms = 0, maxMs = 0] = [0.5, 0.99, 0.999, 1].map((share) => histogram.quantile(share));
  return { count: histogram.count, p50Ms, p99Ms, p999Ms, maxMs };
}

function latencyOf(histogram: LatencyHistogram, aboveObjective: number): LatencySummary {
  return {
    count: histogram.count,
    unanswered: histogram.never,
    aboveObjective,
    percentiles: histogram.percentiles(),
    histogram: histogram.encoded(),
  };
}

const aboveOf = (latencyMs: Float64Array, objectiveMs: number): number =>
  latencyMs.reduce((count, ms) => count + (ms > objectiveMs ? 1 : 0), 0);
