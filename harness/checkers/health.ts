import { receives } from '../model/flow.ts';
import { NONE } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { partakes } from './partaking.ts';
import { lagBetween, lateness } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { READY, YES } from './words.ts';

/** How long an adapter has to notice that its connection is gone, and to be well again once it may connect. */
const noticeMs = 500;
const wellWithinMs = 5000;
/** With less lag than this, the harness has had the time to ask in between. */
const mostLagMs = 100;

/**
 * An adapter that is cut off from the bus says 503 of its health, and 200 once it has come back. Put to the test by each cut, and by each
 * look at its health meanwhile. One that starts says 503 until it is connected and has found its consumers, of which no word can have
 * reached it while none of its connections is taken, or all messages to it are held back.
 *
 * Relies on `fault` (cut, refuse, hold), `health`, `lifecycle` (ready), `lag`.
 */
export function judgeHealth(trial: Trial, judgement: Judgement): void {
  const { fault, health, texts } = trial.history;
  const { at, done, kind, target, took } = fault.columns;
  for (let cut = 0; cut < fault.length; cut++) {
    const application = texts.at(target[cut] ?? 0);
    if (took[cut] !== YES || !partakes(trial, application)) continue;
    const what = texts.at(kind[cut] ?? 0);
    if (what === 'refuse' || (what === 'hold' && hasConsumers(trial, application))) judgeStart(trial, cut, judgement);
    if (what !== 'cut') continue;
    const [from, until] = [at[cut] ?? 0, done[cut] ?? 0];
    const looks = Array.from({ length: health.length }, (_, row) => row).filter(
      (row) => health.columns.application[row] === target[cut] && (health.columns.at[row] ?? 0) >= from,
    );
    judgeAway(trial, { cut, application, from, until, looks }, judgement);
    judgeBack(trial, { cut, application, until, looks }, judgement);
  }
}

interface Cut {
  /** Row of `fault`. */
  readonly cut: number;
  readonly application: string;
  readonly from: number;
  /** From here on it may connect again. */
  readonly until: number;
}

/** Consumers that an application finds on the bus: a pure sender has none, nor has who answers or asks. */
const hasConsumers = ({ service }: Trial, application: string): boolean =>
  service.flows.some((flow) => flow.stream !== undefined && receives(flow, application));

function judgeStart(trial: Trial, hold: number, judgement: Judgement): void {
  const { fault, lifecycle, texts } = trial.history;
  const application = texts.at(fault.columns.target[hold] ?? 0);
  const [from, until] = [fault.columns.at[hold] ?? 0, fault.columns.done[hold] ?? 0];
  judgement.exercise();
  const ready = [...lifecycle.columns.at].findIndex(
    (at, row) =>
      at >= from &&
      at < until &&
      lifecycle.columns.change[row] === READY &&
      lifecycle.columns.application[row] === fault.columns.target[hold],
  );
  if (ready < 0) return;
  judgement.fail(() => ({
    application,
    expected: `${application} to answer GET /health with 503 until it is connected and has found its consumers`,
    observed: `200, ${(until - (lifecycle.columns.at[ready] ?? 0)).toFixed(0)} ms before any message of the bus could reach it`,
    evidence: rows(['fault', hold], ['lifecycle', ready]),
  }));
}

function judgeAway(
  trial: Trial,
  { cut, application, from, until, looks }: Cut & { looks: readonly number[] },
  judgement: Judgement,
): void {
  const { at, done, status } = trial.history.health.columns;
  const telling = looks.filter((look) => {
    const [asked, answered] = [at[look] ?? 0, done[look] ?? 0];
    return asked >= from + noticeMs && asked <= until && (answered <= until || status[look] === 503);
  });
  for (const look of telling) judgeLook(trial, { cut, application, from, until, look }, judgement);
  if (telling.length > 0 || until < from + noticeMs) return;
  const unasked = `nobody learnt of the health of ${application} while it was to have noticed that it is cut off`;
  if (lagBetween(trial, from, until).worstMs >= mostLagMs) judgement.lag(unasked);
  else judgement.undecide(unasked);
}

function judgeLook(trial: Trial, { cut, application, from, look }: Cut & { look: number }, judgement: Judgement): void {
  const { at, status } = trial.history.health.columns;
  const said = status[look] ?? 0;
  judgement.exercise();
  if (said === 503) return;
  const noticed = lateness(trial, from, at[look] ?? 0, noticeMs);
  if (noticed === 'in-time') return;
  if (noticed === 'cannot-say') {
    judgement.lag(`the harness's timer lagged while ${application} was to notice that it is cut off`);
    return;
  }
  judgement.fail(() => ({
    application,
    expected: `${application} to answer GET /health with 503 while it is cut off from the bus`,
    observed: `${said === 0 ? 'no answer' : said}, ${((at[look] ?? 0) - from).toFixed(0)} ms after the cut`,
    evidence: rows(['fault', cut], ['health', look]),
  }));
}

function judgeBack(
  trial: Trial,
  { cut, application, until, looks }: Omit<Cut, 'from'> & { looks: readonly number[] },
  judgement: Judgement,
): void {
  const { at, done, status } = trial.history.health.columns;
  const later = looks.filter((look) => (at[look] ?? 0) > until);
  const well = later.find((look) => status[look] === 200);
  const last = later.at(-1) ?? NONE;
  if (well === undefined && last === NONE) {
    judgement.undecide(`nobody asked ${application} for its health after the cut`);
    return;
  }
  const when = well === undefined ? (done[last] ?? 0) : (at[well] ?? 0);
  judgement.exercise();
  const said = lateness(trial, until, when, wellWithinMs);
  if (said === 'in-time') {
    if (well === undefined) judgement.undecide(`nobody waited ${wellWithinMs} ms for ${application} to be well again`);
    return;
  }
  if (said === 'cannot-say') {
    judgement.lag(`the harness's timer lagged while ${application} was to be well again`);
    return;
  }
  judgement.fail(() => ({
    application,
    expected: `${application} to answer GET /health with 200 within ${wellWithinMs} ms of when it could connect again`,
    observed: well === undefined ? `${status[last] ?? 0} at last` : `it did after ${(when - until).toFixed(0)} ms`,
    evidence: rows(['fault', cut], ['health', well ?? last]),
  }));
}
