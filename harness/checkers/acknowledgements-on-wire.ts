import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted } from './handovers.ts';
import { handOf, itemOf } from './holders.ts';
import type { Judgement } from './judgement.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { wireRows } from './wire-rows.ts';

const ACK_ON_WIRE = codeOf(tableShapes.wire.verb, 'ack');

/**
 * The moment at which an acknowledgement left its adapter: no earlier than its application had taken the message. The bus tells of it
 * only later, when the application may have answered.
 *
 * Relies on `wire` (delivery, acknowledgement), `delivery.done`, `.effect`, `.status`.
 */
export function judgeAcknowledgementsOnWire(trial: Trial, judgement: Judgement): void {
  const { delivery, wire } = trial.history;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  for (const hold of wireRows(trial).holds) {
    if (hold.settlement === NONE || wire.columns.verb[hold.settlement] !== ACK_ON_WIRE) continue;
    const message = seen.message[seen.placeOf(hold.sequence)] ?? NONE;
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
