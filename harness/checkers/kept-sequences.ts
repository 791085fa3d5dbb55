import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, isAccepted } from './handovers.ts';
import { handOf, itemOf } from './holders.ts';
import { handedWhileHeld, heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { row, rows, type Trial } from './trial.ts';
import { WIRE_STORED, wireRows, type Hold } from './wire-rows.ts';

const ACK_ON_WIRE = codeOf(tableShapes.wire.verb, 'ack');
const PUBLISH = codeOf(tableShapes.wire.what, 'publish');

/** A delivery of an event that its application took while the instance held it. */
interface Taken {
  readonly hold: Hold;
  readonly message: number;
  /** Row of `delivery`. */
  readonly handover: number;
}

/**
 * The sequence of a key is kept in the state bucket before the event is acknowledged: a crash between the two would leave a gap
 * where there is none. Put to the test by each acknowledgement of what the application has taken.
 *
 * Relies on `wire` (delivery, acknowledgement, publish of the state: `.subject`, `.outcome`, `.done`), `delivery`.
 */
export function judgeKeptFirst(trial: Trial, judgement: Judgement): void {
  const { at, done } = trial.history.wire.columns;
  for (const { hold, message, handover } of takenInHand(trial)) {
    if (hold.settlement === NONE || trial.history.wire.columns.verb[hold.settlement] !== ACK_ON_WIRE) continue;
    judgement.exercise();
    const since = trial.history.delivery.columns.at[handover] ?? 0;
    const kept = puts(trial, hold.application, message).filter((put) => (at[put] ?? 0) >= since);
    if (kept.some((put) => (done[put] ?? Infinity) <= hold.to)) continue;
    judgement.fail(() => ({
      application: hold.application,
      expected: `the sequence of ${named(trial, message)} to be stored in the state bucket before ${itemOf(trial, hold)} is acknowledged`,
      observed: kept.length === 0 ? 'it was not stored' : 'the bus had not acknowledged it yet',
      evidence: rows(['delivery', handover], ['wire', hold.settlement], ['wire', kept[0]]),
    }));
  }
}

/**
 * What is not above the sequence that the state bucket holds is acknowledged, and not handed over again: also by an adapter that has
 * started anew. Put to the test by each delivery of what was taken and kept before.
 *
 * Relies on the same.
 */
export function judgeKeptOnce(trial: Trial, judgement: Judgement): void {
  const { delivery, wire } = trial.history;
  const handed = handovers(trial);
  const taken = takenInHand(trial);
  for (const again of wireRows(trial).holds) {
    const message = heldMessage(trial, again);
    const before = taken.find(
      (one) =>
        one.message === message &&
        one.hold.place === again.place &&
        one.hold.to <= again.from &&
        puts(trial, one.hold.application, message).some(
          (put) =>
            (wire.columns.at[put] ?? 0) >= (delivery.columns.at[one.handover] ?? 0) &&
            (wire.columns.done[put] ?? Infinity) <= one.hold.to,
        ),
    );
    if (before === undefined) continue;
    judgement.exercise();
    const second = [...rowsOf(handed.byMessage, message)].find((own) => {
      const when = delivery.columns.at[own] ?? 0;
      return handed.receiver[own] === again.place && own !== before.handover && when >= again.from && when <= again.to;
    });
    if (second === undefined) continue;
    judgement.fail(() => ({
      application: again.application,
      expected: `${named(trial, message)}, whose sequence was stored in the state bucket, not to be handed over again`,
      observed: `${handOf(again)} handed it over`,
      evidence: [...rows(['delivery', before.handover]), row('wire', again.delivery), row('delivery', second)],
    }));
  }
}

const takenInHand = memo((trial: Trial): readonly Taken[] =>
  wireRows(trial).holds.flatMap((hold): readonly Taken[] => {
    const handover = handedWhileHeld(trial, hold).find((own) => isAccepted(trial, own));
    return handover === undefined ? [] : [{ hold, message: heldMessage(trial, hold), handover }];
  }),
);

/** Rows of `wire` in which the application stored something of the event's key in the state bucket. */
function puts(trial: Trial, application: string, message: number): readonly number[] {
  const { planned, texts } = trial.history;
  const key = texts.at(planned.columns.key[message] ?? 0);
  return stateRows(trial).get(texts.find(`$KV.${trial.flow.state ?? ''}.${application}.${key}`)) ?? [];
}

/** Subject → what was stored there, in the order of time. */
const stateRows = memo((trial: Trial): ReadonlyMap<number, readonly number[]> => {
  const { what, subject, outcome } = trial.history.wire.columns;
  const found = new Map<number, number[]>();
  for (let at = 0; at < what.length; at++) {
    if (what[at] !== PUBLISH || outcome[at] !== WIRE_STORED) continue;
    const text = subject[at] ?? 0;
    const own = found.get(text);
    if (own === undefined) found.set(text, [at]);
    else own.push(at);
  }
  return found;
});
