import { NONE } from '../model/table.ts';
import { handovers } from './handovers.ts';
import { identities } from './identity.ts';
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
  if (end[cell] === OPEN) return exhausted[cell] === NONE ? undefined : 'exhausted';
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

interface Newest {
  /** By stored place and receiver: 1 where that receiver was handed something newer of the same type and key. */
  readonly superseded: Uint8Array;
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
  return newest(trial).superseded[place * trial.receivers.length + receiver] === 1;
}

/**
 * Last values: which stored messages a receiver was right to leave out, since it had been handed a newer one of the same type and
 * key before it settled this one (or ever, where the settlement was not seen).
 */
const newest = memo((trial: Trial): Newest => {
  const { planned, delivery } = trial.history;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  const { end } = settlements(trial);
  const width = trial.receivers.length;
  const superseded = new Uint8Array(seen.rows.length * width);
  const byName = new Map<string, number[]>();
  for (const at of handed.rows) {
    const message = delivery.columns.message[at] ?? NONE;
    const receiver = handed.receiver[at] ?? 0;
    if (message === NONE || receiver >= width || handed.first[message * width + receiver] !== at) continue;
    const name = lastValueName(trial, message) + String(receiver);
    const list = byName.get(name);
    if (list === undefined) byName.set(name, [at]);
    else list.push(at);
  }
  for (let cell = 0; cell < superseded.length; cell++) {
    const message = seen.message[Math.floor(cell / width)] ?? NONE;
    if (message === NONE || handed.first[message * width + (cell % width)] !== NONE) continue;
    const until = end[cell] === OPEN ? Infinity : (settlementAt(trial, cell)?.at ?? Infinity);
    const time = planned.columns.time[message] ?? Number.NaN;
    const newer = (byName.get(lastValueName(trial, message) + String(cell % width)) ?? []).some((at) => {
      const other = delivery.columns.message[at] ?? NONE;
      return (planned.columns.time[other] ?? Number.NaN) > time && (delivery.columns.at[at] ?? 0) <= until;
    });
    if (newer) superseded[cell] = 1;
  }
  return { superseded };
});

const lastValueName = (trial: Trial, message: number): string => {
  const { type, key } = trial.history.planned.columns;
  return `${String(type[message] ?? 0)} ${String(key[message] ?? 0)} `;
};

