import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { settlementAt, settlements, TERMED } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { isBrokenBundle, violations } from './violation.ts';
import { NO } from './words.ts';

/** Why an adapter may give a message up. */
const known: readonly string[] = ['invalid', 'expired', 'conflict', 'gap', 'rejected', 'content'];

/**
 * The reason of a termination is a known one, and what happened: `rejected` where the application refused the message, and only
 * there; `invalid` or `content` for what breaks its contract; `conflict` for an id with other content. (Whether an `expired` was
 * one is DEL-6, a `gap` ORD-2, and whether a valid message was rightly called invalid DEL-3.)
 *
 * Relies on `acknowledgement` (term: `.reason`), `delivery.status`, `planned.violation`, `.id`, `.source`, `stored.bodyIntact`.
 */
export function judgeReasons(trial: Trial, judgement: Judgement): void {
  const { end } = settlements(trial);
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  for (let cell = 0; cell < end.length; cell++) {
    if (end[cell] !== TERMED) continue;
    const place = Math.floor(cell / width);
    const settled = settlementAt(trial, cell);
    // One without a reason is told by its dead letter.
    if (settled === undefined || settled.reason === '') continue;
    const expected = expectedInstead(trial, seen.message[place] ?? NONE, cell % width, settled.reason);
    if (expected === undefined) continue;
    judgement.fail(() => ({
      application: receiverAt(trial, cell % width),
      expected: `${named(trial, seen.message[place] ?? NONE)} to be given up ${expected}`,
      observed: `it was given up as "${settled.reason}"`,
      evidence: [
        ...rows(
          ['stored', seen.rows[place]],
          ['delivery', refusalOf(trial, seen.message[place] ?? NONE, cell % width)],
        ),
        settled.evidence,
      ],
    }));
  }
}

/** What was to be said in place of the reason; undefined where it is right, or for others to judge. */
function expectedInstead(trial: Trial, message: number, receiver: number, reason: string): string | undefined {
  if (!known.includes(reason)) return `for one of the reasons ${known.join(', ')}`;
  if (message === NONE) return undefined;
  const { first } = handovers(trial);
  const handed = first[message * trial.receivers.length + receiver] !== NONE;
  const refused = refusalOf(trial, message, receiver) !== NONE;
  if (reason === 'rejected' && !refused) return 'as "rejected" only where its application refused it';
  const once = sizeOf(storedRows(trial).byMessage, message) === 1;
  const valid = violations(trial).valid[message] === 1;
  if (valid && refused && once && reason !== 'rejected' && reason !== 'expired')
    return 'as "rejected", since its application refused it';
  // What a manifest says of its contents, only the contents show: nothing else is wrong with it.
  if (isBrokenBundle(trial, message) && once && reason !== 'content' && reason !== 'expired')
    return 'as "content", since its contents are not as its manifest says';
  if (!valid && !handed && (reason === 'gap' || reason === 'conflict' || isExpiredFirst(trial, message, reason)))
    return 'as "invalid", since it breaks its contract';
  return reason === 'conflict' && !mayConflict(trial, message)
    ? 'as "conflict" only where its id came with other content'
    : undefined;
}

/** Whether it was called expired though the check comes first; contents are looked at after that. */
const isExpiredFirst = (trial: Trial, message: number, reason: string): boolean =>
  reason === 'expired' && !isBrokenBundle(trial, message);

const refusalOf = (trial: Trial, message: number, receiver: number): number =>
  message === NONE ? NONE : (handovers(trial).rejected[message * trial.receivers.length + receiver] ?? NONE);

function mayConflict(trial: Trial, message: number): boolean {
  const { of, shared } = identities(trial);
  const messages = shared.get(of[message] ?? NONE);
  if (messages !== undefined) return true;
  const seen = storedRows(trial);
  return rowsOf(seen.byMessage, message).some(
    (place) => trial.history.stored.columns.bodyIntact[seen.rows[place] ?? 0] === NO,
  );
}
