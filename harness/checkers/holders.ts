import { NONE } from '../model/table.ts';
import type { Failure } from '../model/verdict.ts';
import { heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { downtimesOf } from './lives.ts';
import { named } from './refusal.ts';
import { lagBetween, lateness, toleranceMs } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { wireRows, type Hold } from './wire-rows.ts';
import { CRASHED } from './words.ts';

/**
 * A work item is in one pair of hands: the bus never has to give it out again while its holder lives and has said nothing. And once
 * a holder has crashed, the item is given out again within the ack wait. Put to the test by each item that was given out more
 * than once, by each that was kept for longer than the ack wait, and by each item that a crashed instance held.
 *
 * Relies on `wire` (delivery, acknowledgement, close), `lifecycle` (crashed), `lag`.
 */
export function judgeHolders(trial: Trial, judgement: Judgement): void {
  const bySequence = new Map<string, Hold[]>();
  for (const hold of wireRows(trial).holds) {
    const name = `${hold.place} ${hold.sequence}`;
    bySequence.set(name, [...(bySequence.get(name) ?? []), hold]);
  }
  const crashes = crashesOf(trial);
  for (const holds of bySequence.values()) {
    for (const [index, hold] of holds.entries()) {
      const next = holds[index + 1];
      if (next !== undefined) judgeTurn(trial, hold, next, judgement);
      else if (hold.settlement !== NONE && hold.to - hold.from > (trial.flow.ackWaitMs ?? Infinity))
        judgement.exercise();
      judgeRelease(trial, hold, next, crashes, judgement);
    }
  }
}

export const itemOf = (trial: Trial, hold: Hold): string => {
  const message = heldMessage(trial, hold);
  return message === NONE ? `the item of sequence ${hold.sequence}` : named(trial, message);
};

export const handOf = ({ application, instance }: Hold): string => `instance ${instance} of ${application}`;

function judgeTurn(trial: Trial, hold: Hold, next: Hold, judgement: Judgement): void {
  judgement.exercise();
  if (next.from >= hold.to - toleranceMs) return;
  // A holder that was kept from running by the machine could not speak in time.
  const { worstMs } = lagBetween(trial, hold.from, next.from);
  if (worstMs >= (trial.flow.ackWaitMs ?? Infinity) / 10) {
    judgement.lag(`the harness's timer lagged while ${itemOf(trial, hold)} was held`);
    return;
  }
  judgement.fail(() => ({
    application: hold.application,
    expected: `${itemOf(trial, hold)} to be settled, given back or kept by its one live holder before the ack wait is over`,
    observed: `while ${handOf(hold)} held it, it was given to ${handOf(next)} ${(next.from - hold.from).toFixed(0)} ms later`,
    evidence: [row('wire', hold.delivery), row('wire', next.delivery)],
  }));
}

interface Crash {
  /** Row of `lifecycle`. */
  readonly row: number;
  readonly at: number;
  readonly application: string;
  readonly instance: number;
}

function crashesOf(trial: Trial): readonly Crash[] {
  const { lifecycle, texts } = trial.history;
  const { at, application, instance, change } = lifecycle.columns;
  return Array.from({ length: lifecycle.length }, (_, index) => index)
    .filter((index) => change[index] === CRASHED)
    .map((index) => ({
      row: index,
      at: at[index] ?? 0,
      application: texts.at(application[index] ?? 0),
      instance: instance[index] ?? 0,
    }));
}

function judgeRelease(
  trial: Trial,
  hold: Hold,
  next: Hold | undefined,
  crashes: readonly Crash[],
  judgement: Judgement,
): void {
  // The last attempt is not given out again.
  if (hold.settlement !== NONE || hold.deliveries >= trial.flow.attempts) return;
  const crash = crashes.find(
    ({ at, application, instance }) =>
      application === hold.application && instance === hold.instance && hold.from <= at && at <= hold.to + toleranceMs,
  );
  if (crash === undefined) return;
  judgement.exercise();
  const ackWaitMs = trial.flow.ackWaitMs ?? 0;
  // Without a live instance there is nobody to give it to.
  const from = downtimesOf(trial, hold.application).reduce(
    (since, down) => (down.from <= since + ackWaitMs && down.to > since ? down.to : since),
    crash.at,
  );
  const describe = (observed: string) => (): Failure => ({
    application: hold.application,
    expected: `${itemOf(trial, hold)} to be given out again within the ack wait of ${ackWaitMs} ms after ${handOf(hold)} crashed with it`,
    observed,
    evidence: rows(['wire', hold.delivery], ['lifecycle', crash.row], ['wire', next?.delivery]),
  });
  if (next === undefined) {
    if (from === Infinity)
      judgement.undecide(`no instance of ${hold.application} lived to take ${itemOf(trial, hold)}`);
    else judgement.lack(describe('it never was'));
    return;
  }
  const said = lateness(trial, from, next.from, ackWaitMs);
  if (said === 'late') judgement.fail(describe(`it was after ${(next.from - crash.at).toFixed(0)} ms`));
  if (said === 'cannot-say')
    judgement.lag(`the harness's timer lagged until ${itemOf(trial, hold)} was given out again`);
}
