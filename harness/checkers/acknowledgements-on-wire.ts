import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted } from './handovers.ts';
import { gaveUpPerhaps, heardBy, starvedBetween } from './heard.ts';
import { handOf, itemOf } from './holders.ts';
import { handedWhileHeld, heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { raceMs, toleranceMs } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { wireRows, type Hold } from './wire-rows.ts';
import { isSuccess } from './words.ts';

const ACK_ON_WIRE = codeOf(tableShapes.wire.verb, 'ack');

/**
 * The moment at which an acknowledgement left its adapter: no earlier than its application had taken the message, and before the bus
 * delivers it again. The bus tells of it only later, when the application may have answered.
 *
 * Relies on `wire` (delivery, acknowledgement), `delivery.done`, `.effect`, `.status`.
 */
export function judgeAcknowledgementsOnWire(trial: Trial, judgement: Judgement): void {
  const { delivery, wire } = trial.history;
  const handed = handovers(trial);
  judgeLeftToAckWait(trial, judgement);
  for (const hold of wireRows(trial).holds) {
    if (hold.settlement === NONE || wire.columns.verb[hold.settlement] !== ACK_ON_WIRE) continue;
    const message = heldMessage(trial, hold);
    if (message === NONE) continue;
    const taken = [...rowsOf(handed.byMessage, message)].filter(
      (own) => handed.receiver[own] === hold.place && isAccepted(trial, own),
    );
    const [first] = taken;
    if (first === undefined || taken.some((own) => (delivery.columns.done[own] ?? 0) <= hold.to + toleranceMs))
      continue;
    judgement.fail(() => ({
      application: hold.application,
      expected: `${itemOf(trial, hold)} to be acknowledged once its application has taken it`,
      observed: `${handOf(hold)} acknowledged it ${((delivery.columns.done[first] ?? 0) - hold.to).toFixed(0)} ms before`,
      evidence: rows(['wire', hold.delivery], ['wire', hold.settlement], ['delivery', first]),
    }));
  }
}

/** What its application took is acknowledged by the instance that has it in hand, and not left to the ack wait and the next delivery. */
function judgeLeftToAckWait(trial: Trial, judgement: Judgement): void {
  const { delivery } = trial.history;
  const open = new Map<string, Hold>();
  for (const next of wireRows(trial).holds) {
    const name = `${next.place} ${next.sequence}`;
    const hold = open.get(name);
    open.set(name, next);
    if (hold === undefined || hold.settlement !== NONE || next.from >= hold.to) continue;
    const message = heldMessage(trial, hold);
    if (message === NONE) continue;
    const taken = handedWhileHeld(trial, hold, next.from).find((own) => isSuccess(delivery.columns.status[own] ?? 0));
    const heard = taken === undefined ? 'no' : heardBy(trial, taken, next.from - raceMs);
    if (taken === undefined || heard === 'no') continue;
    if (heard === 'cannot-say' || starvedBetween(trial, hold.from, next.from)) {
      judgement.lag(gaveUpPerhaps(trial, hold.application, message));
      continue;
    }
    judgement.fail(() => ({
      application: hold.application,
      expected: `${handOf(hold)} to acknowledge ${itemOf(trial, hold)}, which its application took`,
      observed: 'it said nothing, and left it to the ack wait',
      evidence: rows(['wire', hold.delivery], ['delivery', taken], ['wire', next.delivery]),
    }));
  }
}
