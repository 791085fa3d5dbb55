import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import { identities } from './identity.ts';
import { newestHandedBy } from './last-values.ts';
import { memo } from './memo.ts';
import { ACKED, OPEN, settlementAt, settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import type { Trial } from './trial.ts';
import { violations } from './violation.ts';

/** Whether an application was given an answerable chance at a message: it took it, refused it, or failed until its attempts were used up. */
export function wasReceived(trial: Trial, message: number, receiver: number): boolean {
  const { accepted, rejected, count } = handovers(trial);
  const pair = message * trial.receivers.length + receiver;
  if (accepted[pair] !== NONE || rejected[pair] !== NONE) return true;
  return (count[pair] ?? 0) >= trial.flow.attempts;
}

/**
 * Why a stored message need not reach a receiver; undefined where it has to. The reason that an adapter gives is believed only
 * where the history bears it out.
 */
export function excuseFor(trial: Trial, place: number, receiver: number): string | undefined {
  const stored = storedRows(trial);
  const message = stored.message[place] ?? NONE;
  if (violations(trial).valid[message] !== 1) return 'invalid';
  const cell = place * trial.receivers.length + receiver;
  if (mayBeSuperseded(trial, place, receiver)) return 'superseded';
  if (isConflict(trial, message, receiver)) return 'conflict';
  const { end, exhausted } = settlements(trial);
  if (end[cell] === OPEN) {
    const tried = handovers(trial).first[message * trial.receivers.length + receiver] !== NONE;
    return exhausted[cell] !== NONE && tried ? 'exhausted' : undefined;
  }
  if (end[cell] === ACKED) return wasAccepted(trial, message, receiver) || isPast(trial, message, receiver) ? 'duplicate' : undefined;
  const settled = settlementAt(trial, cell);
  const expires = trial.history.planned.columns.expires[message] ?? Number.NaN;
  if (settled?.reason === 'expired') return settled.at >= expires - toleranceMs ? 'expired' : undefined;
  // Whether there was a gap is for ORD-2 to say.
  return settled?.reason === 'gap' && trial.flow.gap !== undefined ? 'gap' : undefined;
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

/** Ordered streams: whether the receiver took a sequence of the message's key that is not below the message's own. */
export function isPast(trial: Trial, message: number, receiver: number): boolean {
  if (trial.flow.pattern !== 'ordered-stream') return false;
  const { planned } = trial.history;
  const highest = highestAccepted(trial).get((planned.columns.key[message] ?? 0) * trial.receivers.length + receiver) ?? 0;
  return highest >= (planned.columns.sequence[message] ?? 0);
}

const highestAccepted = memo((trial: Trial): ReadonlyMap<number, number> => {
  const { planned } = trial.history;
  const { accepted } = handovers(trial);
  const width = trial.receivers.length;
  const highest = new Map<number, number>();
  for (let pair = 0; pair < accepted.length; pair++) {
    if (accepted[pair] === NONE) continue;
    const message = Math.floor(pair / width);
    const name = (planned.columns.key[message] ?? 0) * width + (pair % width);
    const sequence = planned.columns.sequence[message] ?? 0;
    if (sequence > (highest.get(name) ?? 0)) highest.set(name, sequence);
  }
  return highest;
});

function mayBeSuperseded(trial: Trial, place: number, receiver: number): boolean {
  if (trial.flow.pattern !== 'last-value') return false;
  const cell = place * trial.receivers.length + receiver;
  const message = storedRows(trial).message[place] ?? NONE;
  const until = settlements(trial).end[cell] === OPEN ? Infinity : (settlementAt(trial, cell)?.at ?? Infinity);
  return newestHandedBy(trial, message, receiver, until) > (trial.history.planned.columns.time[message] ?? Number.NaN);
}
