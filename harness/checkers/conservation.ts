import { isKept } from '../model/dead-letter.ts';
import { NONE } from '../model/table.ts';
import { deadLetters, giveUpReason, raced } from './dead-letters.ts';
import { isPast, wasAccepted } from './excuse.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted, receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { newestHandedBy } from './last-values.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { ACKED, OPEN, settlementAt, settlements } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { takenAndHeard } from './unacknowledged.ts';
import { receiverAt, rows, type Trial } from './trial.ts';

/**
 * For each subscriber every stored sequence ends in one way: its application took it and it was acknowledged after that; it was
 * discarded as a duplicate or superseded; it expired; it was given up, and kept or dropped as the policy says. What is pending
 * at drain leaves the trial undecided (see `gapOf`). The first settlement on the wire counts.
 *
 * Relies on `stored`, `acknowledgement`, `advisory`, `delivery`, `deadLetter`, `notice` (superseded), `consumerState`, all at drain.
 */
export function judgeConservation(trial: Trial, judgement: Judgement): void {
  const seen = storedRows(trial);
  const { end } = settlements(trial);
  const { accepted } = handovers(trial);
  const { done } = trial.history.delivery.columns;
  const kept = deadLetters(trial);
  const width = trial.receivers.length;
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const cell = place * width + receiver;
      judgement.exercise();
      const say =
        (expected: string, observed: string, table: 'delivery' | 'deadLetter' = 'deadLetter', at = NONE) =>
        () => {
          const settled = settlementAt(trial, cell);
          return {
            application: receiverAt(trial, receiver),
            expected,
            observed,
            evidence: [
              ...rows(['stored', seen.rows[place]], [table, at]),
              ...(settled === undefined ? [] : [settled.evidence]),
            ],
          };
        };
      const name = (): string => (message === NONE ? 'a refusal' : named(trial, message));
      const letter = kept.first[cell] ?? NONE;
      if (letter !== NONE && giveUpReason(trial, cell) === undefined && end[cell] !== OPEN && !raced(trial, cell)) {
        const ended = end[cell] === ACKED ? 'acknowledged' : 'expired';
        judgement.fail(
          say(`${name()} to end in one way`, `it was ${ended}, and kept as a dead letter too`, 'deadLetter', letter),
        );
      }
      if (end[cell] === ACKED) {
        if (message === NONE) continue;
        const taken = accepted[message * width + receiver] ?? NONE;
        const settledAt = settlementAt(trial, cell)?.at ?? 0;
        if (taken !== NONE && (done[taken] ?? 0) <= settledAt + toleranceMs) continue;
        if (takenBy(trial, message, receiver, settledAt)) continue;
        if (taken !== NONE) {
          judgement.fail(
            say(
              `${name()} to be acknowledged once its application has taken it`,
              'it was acknowledged before',
              'delivery',
              taken,
            ),
          );
        } else if (!wasDiscarded(trial, place, message, receiver, settledAt)) {
          judgement.lack(
            say(
              `${name()} to be acknowledged only when its application has taken it`,
              'it was acknowledged, and its application never took it',
            ),
          );
        }
        continue;
      }
      const reason = giveUpReason(trial, cell);
      const heard = reason === 'exhausted' ? takenAndHeard(trial, cell, message, judgement) : NONE;
      if (heard !== NONE) {
        judgement.fail(
          say(
            `${name()}, which its application took, to be acknowledged`,
            'its attempts were used up instead',
            'delivery',
            heard,
          ),
        );
      }
      if (reason === undefined) {
        if (end[cell] === OPEN && (kept.count[cell] ?? 0) === 0) {
          judgement.lack(say(`${name()} to be settled, or to be pending at drain`, 'it is neither'));
        }
      } else if (isKept(trial.flow, reason) && (kept.count[cell] ?? 0) === 0) {
        judgement.lack(say(`${name()}, given up (${reason}), to be kept as a dead letter`, 'it is lost'));
      }
    }
  }
}

/** Whether any handing-over of the message, or of another with its id, was taken by a moment. */
function takenBy(trial: Trial, message: number, receiver: number, by: number): boolean {
  if (!wasAccepted(trial, message, receiver)) return false;
  const { done } = trial.history.delivery.columns;
  const handed = handovers(trial);
  return rowsOf(handed.byMessage, message).some(
    (at) => handed.receiver[at] === receiver && isAccepted(trial, at) && (done[at] ?? 0) <= by + toleranceMs,
  );
}

function wasDiscarded(trial: Trial, place: number, message: number, receiver: number, settledAt: number): boolean {
  if (wasAccepted(trial, message, receiver) || isPast(trial, message, receiver, settledAt)) return true;
  if (trial.flow.pattern !== 'last-value') return false;
  const newer =
    newestHandedBy(trial, message, receiver, settledAt) > (trial.history.planned.columns.time[message] ?? Number.NaN);
  return (
    newer &&
    supersededNotices(trial).has(noticeName(trial, storedRows(trial).rows[place] ?? 0, receiverAt(trial, receiver)))
  );
}

/** `<application> <source> <id>` of every notice that something was superseded, as text indexes. */
const supersededNotices = memo((trial: Trial): ReadonlySet<string> => {
  const { notice, texts } = trial.history;
  const reason = texts.find('superseded');
  const found = new Set<string>();
  for (let at = 0; at < notice.length; at++) {
    const { application, source, id } = notice.columns;
    if (notice.columns.reason[at] === reason) found.add([application[at], source[at], id[at]].join(' '));
  }
  return found;
});

function noticeName(trial: Trial, stored: number, application: string): string {
  const { columns } = trial.history.stored;
  return [trial.history.texts.find(application), columns.source[stored], columns.id[stored]].join(' ');
}
