import { memo } from './memo.ts';
import { sortedRows } from './groups.ts';
import type { Trial } from './trial.ts';
import { CRASHED, ENDED, FAILED, READY, STARTED, STOPPING } from './words.ts';

interface Change {
  readonly at: number;
  readonly instance: number;
  readonly change: number;
}

/** A time in which no instance of an application lived; `to` is Infinity where none came back. */
export interface Downtime {
  readonly from: number;
  readonly to: number;
}

/** Relies on `lifecycle`, every change of every instance; an application without rows is taken as living all along. */
const changesOf = memo((trial: Trial): ReadonlyMap<string, readonly Change[]> => {
  const { lifecycle, texts } = trial.history;
  const { at, instance, change, application } = lifecycle.columns;
  const found = new Map<string, Change[]>();
  for (const row of sortedRows(at, () => true)) {
    const name = texts.at(application[row] ?? 0);
    const list = found.get(name) ?? [];
    found.set(name, list);
    list.push({ at: at[row] ?? 0, instance: instance[row] ?? 0, change: change[row] ?? 0 });
  }
  return found;
});

const isEnd = (change: number): boolean => change === ENDED || change === CRASHED || change === FAILED;

/** Whether an instance lived on from one time to another, so that it still knows what it knew. */
export function livedOn(trial: Trial, application: string, instance: number, from: number, to: number): boolean {
  return (changesOf(trial).get(application) ?? []).every(
    (one) =>
      one.instance !== instance || one.at <= from || one.at > to || !(isEnd(one.change) || one.change === STARTED),
  );
}

/** When the instance that lived at a moment was started; 0 where nothing says so. */
export function startOf(trial: Trial, application: string, instance: number, by: number): number {
  const starts = (changesOf(trial).get(application) ?? []).filter(
    (one) => one.instance === instance && one.change === STARTED && one.at <= by,
  );
  return starts.at(-1)?.at ?? 0;
}

/** Whether any instance of the application crashed, ended or began between two times. */
export function disturbed(trial: Trial, application: string, from: number, to: number): boolean {
  return (changesOf(trial).get(application) ?? []).some(
    (one) => one.at > from && one.at <= to && (isEnd(one.change) || one.change === STARTED || one.change === STOPPING),
  );
}

/** Whether an instance of the application, this one where it is named, ended between two times without being told to. */
export function crashed(trial: Trial, application: string, from: number, to: number, instance?: number): boolean {
  return (changesOf(trial).get(application) ?? []).some(
    (one) =>
      one.at >= from &&
      one.at <= to &&
      (one.change === CRASHED || one.change === FAILED) &&
      (instance ?? one.instance) === one.instance,
  );
}

/** Whether the history says that an instance of the application was ready at a moment, and that none was on its way out. */
export function wasReady(trial: Trial, application: string, at: number): boolean {
  const ready = (changesOf(trial).get(application) ?? []).some((one) => one.at <= at && one.change === READY);
  const down = downtimesOf(trial, application).some(({ from, to }) => from <= at && at < to);
  return ready && !down && !wasStopping(trial, application, at);
}

/** Whether an instance of the application was on its way out at a moment. */
export function wasStopping(trial: Trial, application: string, at: number): boolean {
  const leaving = new Set<number>();
  for (const one of changesOf(trial).get(application) ?? []) {
    if (one.at > at) break;
    if (one.change === STOPPING || isEnd(one.change)) leaving.add(one.instance);
    else leaving.delete(one.instance);
  }
  return leaving.size > 0;
}

/** When the application had been up and no instance of it was left, until one was ready again. */
export function downtimesOf(trial: Trial, application: string): readonly Downtime[] {
  const alive = new Set<number>();
  const found: Downtime[] = [];
  let since: number | undefined;
  for (const { at, instance, change } of changesOf(trial).get(application) ?? []) {
    if (change === STARTED || change === READY) {
      alive.add(instance);
      // Down until it is ready: what is stored while it starts is met after the restart too.
      if (change === READY && since !== undefined) {
        found.push({ from: since, to: at });
        since = undefined;
      }
    } else if (isEnd(change)) {
      const had = alive.delete(instance);
      if (had && alive.size === 0) since ??= at;
    }
  }
  if (since !== undefined) found.push({ from: since, to: Infinity });
  return found;
}
