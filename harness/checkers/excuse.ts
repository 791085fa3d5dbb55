import { NONE } from '../model/table.ts';
import { lastRow } from './gap.ts';
import { handovers, isAccepted } from './handovers.ts';
import { identities } from './identity.ts';
import { keys } from './keys.ts';
import { newestHandedBy } from './last-values.ts';
import { disturbed } from './lives.ts';
import { memo } from './memo.ts';
import { RunningMaximum } from './running.ts';
import { ACKED, OPEN, settlementAt, settlements } from './settlements.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { receiverAt, type Trial } from './trial.ts';
import { violations } from './violation.ts';

/** Whether an application was given an answerable chance at a message: it took it, refused it, or failed until its attempts were used up. */
export function wasReceived(trial: Trial, message: number, receiver: number): boolean {
  const { accepted, rejected, count } = handovers(trial);
  const pair = message * trial.receivers.length + receiver;
  if (accepted[pair] !== NONE || rejected[pair] !== NONE) return true;
  return (count[pair] ?? 0) >= trial.flow.attempts;
}

/** Whether a stored message need not reach a receiver. The reason that an adapter gives is believed only where the history bears it out. */
export function isExcused(trial: Trial, place: number, receiver: number): boolean {
  const stored = storedRows(trial);
  const message = stored.message[place] ?? NONE;
  if (violations(trial).valid[message] !== 1) return true;
  const cell = place * trial.receivers.length + receiver;
  if (mayBeSuperseded(trial, place, receiver)) return true;
  if (isConflict(trial, message, receiver)) return true;
  if (trial.flow.delivery === 'at-most-once' && mayBeLost(trial, place, receiver)) return true;
  const { end, exhausted } = settlements(trial);
  if (end[cell] === OPEN) {
    const told = exhausted[cell] ?? NONE;
    if (told === NONE) return false;
    const tried = handovers(trial).first[message * trial.receivers.length + receiver] !== NONE;
    // Given up before its attempts were made is no excuse.
    const deliveries = trial.history.advisory.columns.deliveries[told] ?? 0;
    return tried && (deliveries === 0 || deliveries >= trial.flow.attempts);
  }
  const settled = settlementAt(trial, cell);
  if (end[cell] === ACKED)
    return wasAccepted(trial, message, receiver) || isPast(trial, message, receiver, settled?.at ?? 0);
  const expires = trial.history.planned.columns.expires[message] ?? Number.NaN;
  if (settled?.reason === 'expired') return settled.at >= expires - toleranceMs;
  // Whether there was a gap is for ORD-2 to say.
  return settled?.reason === 'gap' && trial.flow.gap !== undefined;
}

/**
 * At most once: whether there is an event by which a message may have been lost that was on its way: an instance of its receiver
 * ended or began, there was a fault, or the stream let go of it.
 */
function mayBeLost(trial: Trial, place: number, receiver: number): boolean {
  const cell = place * trial.receivers.length + receiver;
  const { streamState, advisory, fault, stored, wait } = trial.history;
  const state = lastRow(streamState.columns.stream, trial.streamText);
  const sequence = stored.columns.sequence[storedRows(trial).rows[place] ?? 0] ?? 0;
  if (state !== NONE && sequence < (streamState.columns.first[state] ?? 0)) return true;
  const told = advisory.columns.at[settlements(trial).exhausted[cell] ?? NONE];
  const until = settlementAt(trial, cell)?.at ?? told ?? Math.max(...wait.columns.done);
  const from = storedTime(trial, place) - toleranceMs;
  const faulty = fault.columns.at.some((began, row) => began <= until && (fault.columns.done[row] ?? 0) >= from);
  return faulty || disturbed(trial, receiverAt(trial, receiver), from, until);
}

/** Whether the receiver took the message, or another with its source and id, at any time. */
export function wasAccepted(trial: Trial, message: number, receiver: number): boolean {
  const { accepted } = handovers(trial);
  const width = trial.receivers.length;
  if (accepted[message * width + receiver] !== NONE) return true;
  const others = identities(trial).shared.get(identities(trial).of[message] ?? NONE) ?? [];
  return others.some((other) => accepted[other * width + receiver] !== NONE);
}

/** Whether the receiver took another message with the source and id of this one. */
export function isConflict(trial: Trial, message: number, receiver: number): boolean {
  const { of, shared } = identities(trial);
  const others = shared.get(of[message] ?? NONE);
  if (others === undefined) return false;
  const { accepted } = handovers(trial);
  return others.some((other) => other !== message && accepted[other * trial.receivers.length + receiver] !== NONE);
}

/** Ordered streams: whether the receiver had taken, by a moment, a sequence of the message's key that is not below its own. */
export function isPast(trial: Trial, message: number, receiver: number, by: number): boolean {
  if (trial.flow.pattern !== 'ordered-stream') return false;
  const name = (keys(trial).of[message] ?? 0) * trial.receivers.length + receiver;
  return (takenSequences(trial).get(name)?.by(by) ?? 0) >= (trial.history.planned.columns.sequence[message] ?? 0);
}

const takenSequences = memo((trial: Trial): ReadonlyMap<number, RunningMaximum> => {
  const { planned, delivery } = trial.history;
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { of } = keys(trial);
  const found = new Map<number, RunningMaximum>();
  for (const row of handed.rows) {
    const message = delivery.columns.message[row] ?? NONE;
    const receiver = handed.receiver[row] ?? width;
    if (message === NONE || receiver >= width || !isAccepted(trial, row)) continue;
    const name = (of[message] ?? 0) * width + receiver;
    const sequences = found.get(name) ?? new RunningMaximum();
    found.set(name, sequences);
    sequences.add(delivery.columns.at[row] ?? 0, planned.columns.sequence[message] ?? 0);
  }
  return found;
});

function mayBeSuperseded(trial: Trial, place: number, receiver: number): boolean {
  if (trial.flow.pattern !== 'last-value') return false;
  const cell = place * trial.receivers.length + receiver;
  const message = storedRows(trial).message[place] ?? NONE;
  const until = settlements(trial).end[cell] === OPEN ? Infinity : (settlementAt(trial, cell)?.at ?? Infinity);
  return newestHandedBy(trial, message, receiver, until) > (trial.history.planned.columns.time[message] ?? Number.NaN);
}
