import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { settlementAt, settlements, TERMED } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { receiverAt, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { NO, YES } from './words.ts';

/**
 * Unknown fields and text outside ASCII reach the application byte for byte. A body that was changed before it was stored is
 * its sender's.
 *
 * Relies on `planned.unknownField`, `.nonAscii`, `delivery.bodyIntact`, `stored.bodyIntact`, and `acknowledgement.reason` (a
 * valid message ended as `invalid`).
 */
export function judgeTolerance(trial: Trial, judgement: Judgement): void {
  const { delivery, planned, stored, texts } = trial.history;
  const { valid } = violations(trial);
  const { unknownField, nonAscii } = planned.columns;
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  const special = (message: number): boolean => unknownField[message] === YES || nonAscii[message] === YES;
  const changedBefore = (message: number): boolean =>
    rowsOf(seen.byMessage, message).some((place) => stored.columns.bodyIntact[seen.rows[place] ?? 0] === NO);
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    if (valid[message] !== 1) continue;
    const intact = delivery.columns.bodyIntact[at];
    if (intact === YES && special(message)) judgement.exercise();
    if (intact !== NO || changedBefore(message)) continue;
    judgement.fail(() => ({
      application: texts.at(delivery.columns.application[at] ?? 0),
      expected: `the body of ${named(trial, message)} byte for byte`,
      observed: 'another body was handed over',
      evidence: rows(['planned', message], ['delivery', at]),
    }));
  }
  const { end } = settlements(trial);
  for (let cell = 0; cell < end.length; cell++) {
    if (end[cell] !== TERMED) continue;
    const place = Math.floor(cell / width);
    const message = seen.message[place] ?? NONE;
    if (valid[message] !== 1 || !special(message)) continue;
    const settled = settlementAt(trial, cell);
    if (settled?.reason !== 'invalid') continue;
    judgement.fail(() => ({
      application: receiverAt(trial, cell % width),
      expected: `${named(trial, message)}, which is valid, to be handed over with what the adapter does not know in it`,
      observed: 'its adapter ended it as invalid',
      evidence: [...rows(['planned', message], ['stored', seen.rows[place]]), settled.evidence],
    }));
  }
}
