import type { Random } from '../harness/generate/random.ts';
import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { latestStartMs, loadFactor } from '../harness/model/load.ts';
import type { Flow, Service } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Arrival, Workload } from '../harness/model/workload.ts';
import { isLastValue, isOrdered } from './conditions.ts';

/** How long each part of an open loop takes, in milliseconds. */
interface Span {
  /** Nothing is sent: how late the generator is by itself. */
  readonly idleMs: number;
  /** What is sent first is not measured. */
  readonly warmUpMs: number;
  readonly leastMeasuredMs: number;
  readonly mostMeasuredMs: number;
}

const long: Span = { idleMs: 1000, warmUpMs: 2000, leastMeasuredMs: 10_000, mostMeasuredMs: 40_000 };
const brief: Span = { idleMs: 250, warmUpMs: 250, leastMeasuredMs: 1000, mostMeasuredMs: 2500 };

/** At which distance the generator looks at the clock where it sends nothing. */
const idleEveryMs = 4;
/** Measured messages for each subscriber: some more than the 299 that suffice where none is late. */
const samples = 320;
/** Keys where order matters: so many that one seldom waits for another of its own. */
const keys = 200;
/** A request is given up so long after it was to be sent: its asker's wait ends then. */
const patienceMs = latestStartMs + 12_000;

/** What is far above its objective shows at once, where a flow is so busy that a moment brings messages enough. */
export const loadBriefly: Scenario = {
  name: 'load-briefly',
  title:
    'Events arrive at one and a half times the peak for a second or two, each at its time whatever became of those before',
  clauses: ['PER-1'],
  alone: true,
  applies: (flow) => driven(flow, brief).ratePerSecond === loadFactor * flow.peakPerSecond,
  workload: (service, flow, seed) => openLoop(service, flow, seed, brief),
};

export const load: Scenario = {
  name: 'load',
  title:
    'Events arrive at one and a half times the peak for ten seconds or longer, each at its time whatever became of those before',
  clauses: ['PER-1'],
  alone: true,
  applies: () => true,
  workload: (service, flow, seed) => openLoop(service, flow, seed, long),
};

function openLoop(service: Service, flow: Flow, seed: number, span: Span): Workload {
  const { idleMs, warmUpMs } = span;
  const build = new WorkloadBuilder(service, flow, seed);
  const { ratePerSecond, measured } = driven(flow, span);
  const warmUp = Math.ceil((ratePerSecond * warmUpMs) / 1000);
  const measuredMs = (measured * 1000) / ratePerSecond;
  const known = isOrdered(flow) || isLastValue(flow) ? build.keys(keys) : [];
  let planned = 0;
  const next =
    (phase: Arrival['phase']) =>
    (atMs: number): Arrival => {
      const to = flow.receivers[planned % flow.receivers.length];
      const key = known[planned % Math.max(1, known.length)];
      const application = flow.senders[planned % flow.senders.length];
      planned++;
      const message = build.message({
        ...(to === undefined ? {} : { to }),
        ...(key === undefined ? {} : { key }),
        ...(application === undefined ? {} : { application }),
        ...(flow.pattern === 'request-reply' ? { expiresMs: atMs + patienceMs } : {}),
      });
      return { atMs, phase, message };
    };
  const idle = Array.from({ length: Math.floor(idleMs / idleEveryMs) }, (_, at): Arrival => ({
    atMs: at * idleEveryMs,
    phase: 'idle',
  }));
  const arrivals = [
    ...idle,
    ...times(build.random, warmUp, idleMs, warmUpMs).map(next('warm-up')),
    ...times(build.random, measured, idleMs + warmUpMs, measuredMs).map(next('measured')),
  ];
  build.lane({ do: 'open-loop', arrivals });
  return build.build();
}

/**
 * Rate and number of the measured messages. A flow whose peak is so low that a verdict would take longer than the limit is driven
 * faster: what holds then holds at its own rate, and what does not hold is no verdict.
 */
function driven(flow: Flow, { leastMeasuredMs, mostMeasuredMs }: Span): { ratePerSecond: number; measured: number } {
  const filtered = flow.receivers.some(({ filter }) => Object.keys(filter).length > 0);
  const each = flow.pattern === 'request-reply' ? flow.senders.length : filtered ? flow.receivers.length : 1;
  const needed = samples * each;
  const ratePerSecond = Math.max(loadFactor * flow.peakPerSecond, (needed * 1000) / mostMeasuredMs);
  return { ratePerSecond, measured: Math.max(needed, Math.ceil((ratePerSecond * leastMeasuredMs) / 1000)) };
}

/** Times of a Poisson process that brings so many arrivals in that time: independent callers, who now and then come together. */
function times(random: Random, count: number, fromMs: number, durationMs: number): readonly number[] {
  const most = 2 ** 31 - 1;
  return Array.from({ length: count }, () => fromMs + (random.integer(0, most) / most) * durationMs).toSorted(
    (a, b) => a - b,
  );
}
