import { NONE } from '../model/table.ts';
import { isExcused } from './excuse.ts';
import { rowsOf } from './groups.ts';
import { handovers, hasReceiver, isAccepted } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { keys } from './keys.ts';
import { disturbed } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { RunningSum } from './running.ts';
import { settlementAt, settlements, TERMED } from './settlements.ts';
import { partitionAt, storedRows, storedTime } from './stored-rows.ts';
import { lateness } from './timing.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { INFO } from './words.ts';

/** What one receiver's poison messages come to. */
interface Poison {
  readonly keys: ReadonlySet<number>;
  /** When the first of them was handed over or, if it never was, stored. */
  readonly from: number;
  /** Partition → how long they may hold it up, in milliseconds. */
  readonly holdsMs: ReadonlyMap<number, number>;
}

/**
 * A poison message (one that its application does not take at once, or that is invalid) stops its own key only: the others are
 * handed over, are not refused, and are late by its attempts and back-off at most, beside the flow's own objective.
 *
 * How late they are is judged where the scenario `claims` the clause: elsewhere a scenario may send more at once than an adapter hands over
 * in that time, one at a time, and what waits behind the others is late by its own number, not by a poison message.
 *
 * Relies on `delivery`, `stored.at`, `.storedAt`, `.subject` (with its partition), `acknowledgement`, `lifecycle`, `lag`, `wait`, `problem`.
 */
export function judgePoison(trial: Trial, judgement: Judgement, claims: boolean): void {
  for (const receiver of trial.receivers.keys()) {
    const poison = poisonOf(trial, receiver);
    if (poison !== undefined) judgeOthers(trial, receiver, poison, { judgement, claims });
  }
}

function poisonOf(trial: Trial, receiver: number): Poison | undefined {
  const { delivery, stored } = trial.history;
  const handed = handovers(trial);
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const { of } = keys(trial);
  const poisoned = new Set<number>();
  const holdsMs = new Map<number, number>();
  const attempts = new Map<number, number>();
  let from = Infinity;
  for (const at of handed.rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (handed.receiver[at] !== receiver || message === NONE || isAccepted(trial, at)) continue;
    poisoned.add(of[message] ?? NONE);
    from = Math.min(from, delivery.columns.at[at] ?? 0);
    // What an adapter tries beyond the declared attempts, it does at its own cost.
    const attempt = (attempts.get(message) ?? 0) + 1;
    attempts.set(message, attempt);
    if (attempt > trial.flow.attempts) continue;
    const place = rowsOf(seen.byMessage, message)[0];
    const partition = place === undefined ? 0 : partitionAt(trial, place);
    holdsMs.set(partition, (holdsMs.get(partition) ?? 0) + heldMs(trial, at));
  }
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (
      message === NONE ||
      valid[message] === 1 ||
      of[message] === NONE ||
      !hasReceiver(seen.entitled[place] ?? 0, receiver)
    )
      continue;
    poisoned.add(of[message] ?? NONE);
    from = Math.min(from, stored.columns.at[seen.rows[place] ?? 0] ?? 0);
  }
  return poisoned.size === 0 ? undefined : { keys: poisoned, from, holdsMs };
}

/** How long a handing-over that was not taken may hold its partition after its answer: the longest back-off, and where there was no answer the ack wait. */
function heldMs(trial: Trial, at: number): number {
  const { outcome } = trial.history.delivery.columns;
  return Math.max(0, ...trial.flow.backoffMs) + (outcome[at] === INFO ? (trial.flow.ackWaitMs ?? 0) : 0);
}

interface Turn {
  readonly receiver: number;
  readonly partition: string;
  readonly from: number;
  readonly to: number;
  /** How long after the one before it in its partition; Infinity of the first. */
  readonly afterMs: number;
  /** That one was taken: no back-off is in between. */
  readonly isFresh: boolean;
}

/** What each receiver was handed of a partition, one after another. */
function turnsOf(trial: Trial): readonly Turn[] {
  const { at: began, done, message } = trial.history.delivery.columns;
  const handed = handovers(trial);
  const seen = storedRows(trial);
  const before = new Map<string, number>();
  const found: Turn[] = [];
  for (const row of handed.rows) {
    const place = rowsOf(seen.byMessage, message[row] ?? NONE)[0];
    if (place === undefined) continue;
    const receiver = handed.receiver[row] ?? 0;
    const partition = `${receiver} ${partitionAt(trial, place)}`;
    const last = before.get(partition);
    before.set(partition, row);
    const from = began[row] ?? 0;
    const afterMs = last === undefined ? Infinity : Math.max(0, from - (done[last] ?? 0));
    const isFresh = last !== undefined && isAccepted(trial, last);
    found.push({ receiver, partition, from, to: Math.max(from, done[row] ?? 0), afterMs, isFresh });
  }
  return found;
}

/**
 * How long what a receiver was handed of a partition took by itself, up to a moment: its application's answers, which are nobody's fault, and
 * the usual time until each. What stands behind many is late by their number.
 */
const waiting = memo((trial: Trial): ReadonlyMap<string, RunningSum> => {
  const turns = turnsOf(trial);
  const usual = trial.receivers.map((_, receiver) =>
    middleOf(turns.flatMap((turn) => (turn.receiver === receiver && turn.isFresh ? [turn.afterMs] : []))),
  );
  const found = new Map<string, RunningSum>();
  for (const { receiver, partition, from, to, afterMs } of turns) {
    const sum = found.get(partition) ?? new RunningSum();
    found.set(partition, sum);
    sum.add(from, to - from + Math.min(afterMs, usual[receiver] ?? 0));
  }
  return found;
});

const middleOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >>> 1] ?? 0;

function waitingMs(trial: Trial, receiver: number, partition: number, from: number, to: number): number {
  const sum = waiting(trial).get(`${receiver} ${partition}`);
  return sum === undefined ? 0 : sum.by(to) - sum.by(from - (trial.flow.ackWaitMs ?? 0));
}

/**
 * The longest that anything took which no poison message can have held up: what other receivers were handed, and this one before
 * the first of them. A bus that is slow for everybody is not ORD-3.
 */
function usualMs(trial: Trial, receiver: number, from: number): number {
  const { delivery } = trial.history;
  const seen = storedRows(trial);
  const { first } = handovers(trial);
  const width = trial.receivers.length;
  let longest = 0;
  for (const other of trial.receivers.keys()) {
    const before = other === receiver ? from : (poisonOf(trial, other)?.from ?? Infinity);
    for (let place = 0; place < seen.rows.length; place++) {
      const handed = first[(seen.message[place] ?? 0) * width + other] ?? NONE;
      const at = delivery.columns.at[handed] ?? Infinity;
      if (handed === NONE || at >= before || seen.message[place] === NONE) continue;
      if (!disturbed(trial, receiverAt(trial, other), storedTime(trial, place), at))
        longest = Math.max(longest, at - storedTime(trial, place));
    }
  }
  return longest;
}

function judgeOthers(
  trial: Trial,
  receiver: number,
  poison: Poison,
  { judgement, claims }: { readonly judgement: Judgement; readonly claims: boolean },
): void {
  const { delivery, wait, problem } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const { of } = keys(trial);
  const { first } = handovers(trial);
  const { end } = settlements(trial);
  const width = trial.receivers.length;
  const application = receiverAt(trial, receiver);
  const endedAt = Math.max(0, ...wait.columns.done);
  let usual: number | undefined;
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (valid[message] !== 1 || poison.keys.has(of[message] ?? NONE)) continue;
    if (!hasReceiver(seen.entitled[place] ?? 0, receiver)) continue;
    const at = seen.rows[place] ?? 0;
    const cell = place * width + receiver;
    const settled = end[cell] === TERMED ? settlementAt(trial, cell) : undefined;
    if (settled !== undefined && settled.at > poison.from && !isExcused(trial, place, receiver)) {
      judgement.fail(() => ({
        application,
        expected: `${named(trial, message)} not to be refused for a poison message of another key`,
        observed: `it was ended as ${settled.reason}`,
        evidence: [...rows(['stored', at]), settled.evidence],
      }));
      continue;
    }
    const handed = first[message * width + receiver] ?? NONE;
    if (handed === NONE && isExcused(trial, place, receiver)) continue;
    const storedAt = storedTime(trial, place);
    // What was never handed over was still waiting when the trial ended: known, unless the harness was in trouble.
    if (handed === NONE && problem.length > 0) continue;
    const until = handed === NONE ? endedAt : (delivery.columns.at[handed] ?? 0);
    if (until <= poison.from) continue;
    if (handed !== NONE) judgement.exercise();
    if (disturbed(trial, application, storedAt, until)) continue;
    const partition = partitionAt(trial, place);
    let boundMs = (poison.holdsMs.get(partition) ?? 0) + trial.flow.p99Ms;
    let said = claims ? lateness(trial, storedAt, until, boundMs) : 'in-time';
    if (said !== 'in-time') {
      usual ??= Math.max(0, usualMs(trial, receiver, poison.from) - trial.flow.p99Ms);
      boundMs += usual + waitingMs(trial, receiver, partition, storedAt, until);
      said = lateness(trial, storedAt, until, boundMs);
    }
    if (said === 'cannot-say') judgement.lag(`the harness's timer lagged while ${named(trial, message)} was late`);
    const describe = (observed: string) => () => ({
      application,
      expected: `${named(trial, message)} to be handed over within ${boundMs.toFixed(0)} ms, which the poison messages of its partition may take`,
      observed,
      evidence: rows(['stored', at], ['delivery', handed]),
    });
    if (said === 'late')
      judgement.fail(
        describe(`it ${handed === NONE ? 'was still waiting' : 'came'} after ${(until - storedAt).toFixed(0)} ms`),
      );
    else if (handed === NONE) judgement.lack(describe('it never was'));
  }
}
