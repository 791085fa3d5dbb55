import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { itemOf } from './holders.ts';
import { heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { row, rows, type Trial } from './trial.ts';
import { WIRE_STORED, wireRows } from './wire-rows.ts';

const { what: events, outcome: outcomes, verb: verbs } = tableShapes.wire;
const CLOSE = codeOf(events, 'close');
const UNANSWERED = codeOf(outcomes, 'info');
const ACK_ON_WIRE = codeOf(verbs, 'ack');

/** The bus acknowledges what it is asked to within milliseconds: a connection that lived on for so long has brought it. */
const answeredWithinMs = 1000;

/**
 * A notice is published so that the bus acknowledges it; and what is acknowledged unseen, since a newer value was there, is so only once
 * its notice is stored. Put to the test by each notice.
 *
 * Relies on `wire` (publish of notices, delivery, acknowledgement, close), `delivery`, and for the second on a flow of last values.
 */
export function judgeNoticesOnWire(trial: Trial, judgement: Judgement): void {
  const { wire, texts } = trial.history;
  const { at, application, outcome } = wire.columns;
  const { holds, notices } = wireRows(trial);
  for (const notice of notices) {
    if (outcome[notice] !== UNANSWERED || endedSoon(trial, notice)) continue;
    judgement.fail(() => ({
      application: texts.at(application[notice] ?? 0),
      expected: 'a notice to be published with a reply subject, and its acknowledgement to be awaited',
      observed: 'the bus was not asked to acknowledge it',
      evidence: [row('wire', notice)],
    }));
  }
  if (trial.flow.pattern !== 'last-value') return;
  const handed = handovers(trial);
  for (const hold of holds) {
    if (hold.settlement === NONE || wire.columns.verb[hold.settlement] !== ACK_ON_WIRE) continue;
    const message = heldMessage(trial, hold);
    if (message === NONE) continue;
    if ([...rowsOf(handed.byMessage, message)].some((own) => handed.receiver[own] === hold.place)) continue;
    const own = notices.filter(
      (notice) =>
        wire.columns.message[notice] === message &&
        texts.at(application[notice] ?? 0) === hold.application &&
        wire.columns.instance[notice] === hold.instance &&
        (at[notice] ?? 0) >= hold.from,
    );
    // Whether there is a notice at all is for others to say.
    if (own.length === 0) continue;
    judgement.exercise();
    if (own.some((one) => outcome[one] === WIRE_STORED && (wire.columns.done[one] ?? Infinity) <= hold.to)) continue;
    judgement.fail(() => ({
      application: hold.application,
      expected: `the notice of ${itemOf(trial, hold)} to be stored before the event is acknowledged`,
      observed: 'the bus had not acknowledged it yet',
      evidence: rows(['wire', own[0]], ['wire', hold.settlement]),
    }));
  }
}

/** Whether the connection of a row ended before an answer was sure to have come. */
function endedSoon(trial: Trial, publish: number): boolean {
  const { at, what, application, instance, connection } = trial.history.wire.columns;
  const from = at[publish] ?? 0;
  return [...what.keys()].some(
    (other) =>
      what[other] === CLOSE &&
      application[other] === application[publish] &&
      instance[other] === instance[publish] &&
      connection[other] === connection[publish] &&
      (at[other] ?? 0) >= from &&
      (at[other] ?? 0) < from + answeredWithinMs,
  );
}
