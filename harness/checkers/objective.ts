import { loadFactor } from '../model/load.ts';
import { quantile } from '../model/quantile.ts';
import { isAbove, isAtMost, lowerBound, trialsNeeded, upperBound } from './binomial.ts';
import { gapOf } from './gap.ts';
import type { Judgement } from './judgement.ts';
import { loadOf, sampleRows, type Load, type Samples } from './load.ts';
import { fullShare, lagBetween, useBetween } from './timing.ts';
import type { Trial } from './trial.ts';
import { FAILED } from './words.ts';

/** The objective is for the 99th percentile: so large a share may be above it. */
const share = 0.01;
/** The harness is in time while it is late by less than this part of the objective. */
const lagShare = 0.1;
/** What a rate may differ from the one asked for. */
const rateTolerance = 0.05;
/** Messages that are shown of a failure, the latest ones. */
const shown = 3;

/**
 * p99 of each subscriber under an open loop: a pass where the one-sided 95 % bound on the share above the objective is at most 1 %,
 * a failure where it is certainly more. What was never answered is above. What the harness's own delay may explain counts against a
 * pass, and not for a failure, and so does what came late while the machine's processors were full: an adapter on the same machine may
 * have waited for one. A generator that fell behind decides nothing.
 *
 * Relies on `arrival`, `delivery`, `send` (request-reply), `planned.subject`, `lag`, `problem`, `lifecycle` (failed).
 */
export function judgeObjective(trial: Trial, judgement: Judgement): void {
  const load = loadOf(trial);
  if (load === undefined) return;
  const askedPerSecond = loadFactor * trial.flow.peakPerSecond;
  for (const { latencyMs } of load.subscribers) judgement.exercise(latencyMs.length);
  if (load.warmUp > 0) judgement.note(`${load.warmUp} messages to warm up were left out`);
  const behind = quantile(load.latenessMs, 1 - share);
  if (behind > trial.flow.p99Ms * lagShare) {
    judgement.lag(
      `the generator fell behind: 1 % of its sends came ${behind.toFixed(0)} ms late or later, which is more than a tenth of the objective`,
    );
    return;
  }
  const rate = perSecond(load.ratePerSecond);
  if (load.ratePerSecond < askedPerSecond * (1 - rateTolerance)) {
    judgement.undecide(`it was driven at ${rate}, where ${perSecond(askedPerSecond)} are asked for`);
    return;
  }
  const faster = load.ratePerSecond > askedPerSecond * (1 + rateTolerance);
  if (faster) {
    judgement.note(
      `driven at ${rate}, more than the ${perSecond(askedPerSecond)} that are asked for, so that there are enough messages in a short time`,
    );
  }
  for (const samples of load.subscribers) judgeSubscriber(trial, load, samples, faster, judgement);
}

function judgeSubscriber(trial: Trial, load: Load, samples: Samples, faster: boolean, judgement: Judgement): void {
  const { application, latencyMs, arrivals } = samples;
  const objectiveMs = trial.flow.p99Ms;
  const n = latencyMs.length;
  let above = 0;
  const by = { adapter: 0, machine: 0, harness: 0 };
  for (let at = 0; at < n; at++) {
    const ms = latencyMs[at] ?? 0;
    if (ms <= objectiveMs) continue;
    above++;
    by[causeOf(trial, arrivals[at] ?? 0, ms)]++;
  }
  const certain = by.adapter;
  const found = `${above} of ${n} messages above ${objectiveMs} ms at ${application}`;
  if (n === 0) judgement.undecide(`nothing was sent for ${application}`);
  else if (isAtMost(share, above, n)) {
    const most = upperBound(above, n);
    judgement.bound(most);
    judgement.note(`${found}: at most ${percent(most)}`);
  } else if (!isAbove(share, certain, n)) {
    const full = by.machine === 0 ? '' : `, ${by.machine} of them while this machine's processors were full`;
    const own = by.harness === 0 ? '' : `, ${by.harness} of them perhaps by the harness's own delay`;
    const needed = isAbove(share, above, n)
      ? 'with more or faster processors, or with its adapters on another machine, it could be decided'
      : `${trialsNeeded(share, above)} messages with none more above it would be needed for a pass`;
    judgement.undecide(`${found}${full}${own}: ${needed}`);
  } else if (faster) {
    judgement.undecide(`${found}, at ${perSecond(load.ratePerSecond)}, which is more than what is asked for`);
  } else {
    judgement.fail(() => ({
      application,
      expected: `99 of 100 messages within ${objectiveMs} ms at ${perSecond(load.ratePerSecond)}`,
      observed: `${certain} of ${n} later than that or never, which is ${percent(lowerBound(certain, n))} or more; ${middle(latencyMs)}`,
      evidence: latest(samples).flatMap((at) => sampleRows(trial, application, arrivals[at] ?? 0)),
    }));
  }
}

/** Whom a message that was above the objective is put down to; the harness is its generator, its event loop, trouble in it. */
function causeOf(trial: Trial, arrival: number, latencyMs: number): 'adapter' | 'machine' | 'harness' {
  const { at, intended } = trial.history.arrival.columns;
  const objectiveMs = trial.flow.p99Ms;
  const from = intended[arrival] ?? 0;
  const lateMs = (at[arrival] ?? 0) - from;
  if (latencyMs - lateMs <= objectiveMs) return 'harness';
  // What never came while all else was settled never will; before that it is late once there was time for it to come.
  const never = latencyMs === Infinity;
  if (never && gapOf(trial) === undefined) return 'adapter';
  if (never && hadTrouble(trial)) return 'harness';
  const to = from + (never ? objectiveMs : latencyMs);
  const { worstMs, sumMs } = lagBetween(trial, from, to, 'timer');
  if (worstMs >= objectiveMs * lagShare || (!never && sumMs >= latencyMs - objectiveMs)) return 'harness';
  const { processors, loop } = useBetween(trial, from, to);
  if (loop >= fullShare) return 'harness';
  return processors >= fullShare ? 'machine' : 'adapter';
}

function hadTrouble({ history }: Trial): boolean {
  return history.problem.length > 0 || history.lifecycle.columns.change.includes(FAILED);
}

/** Places of the latest messages, the latest first. */
function latest({ latencyMs }: Samples): readonly number[] {
  const order = Uint32Array.from(latencyMs.keys()).sort((a, b) => {
    const [one, other] = [latencyMs[a] ?? 0, latencyMs[b] ?? 0];
    return one === other ? a - b : other - one;
  });
  return [...order.subarray(0, shown)];
}

function middle(latencyMs: Float64Array): string {
  const sorted = latencyMs.toSorted();
  const said = (p: number): string => {
    const ms = quantile(sorted, p);
    return Number.isFinite(ms) ? `${ms.toFixed(0)} ms` : 'never';
  };
  return `median ${said(0.5)}, p99 ${said(1 - share)}`;
}

const perSecond = (rate: number): string => `${Number(rate.toPrecision(3))} a second`;
const percent = (rate: number): string => `${Number((100 * rate).toPrecision(2))} %`;
