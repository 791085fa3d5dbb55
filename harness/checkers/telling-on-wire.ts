import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { heldMessage } from './in-hand.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { row, rows, type Trial } from './trial.ts';
import { WIRE_STORED, wireRows } from './wire-rows.ts';

const TERM_ON_WIRE = codeOf(tableShapes.wire.verb, 'term');
const PUBLISH = codeOf(tableShapes.wire.what, 'publish');

/** Reasons of which the sender is told by a refusal, where the flow says so. */
const toldReasons = new Set(['invalid', 'rejected', 'content']);

/**
 * A refusal is stored before what it refuses is given up: a crash between the two would lose it. Only the wire shows the order of the
 * two; an adapter that waits for the acknowledgement gives up after that has passed.
 *
 * Relies on `wire` (publish: `.messageId`, `.done`, `.outcome`; acknowledgement: `.verb`, `.reason`; delivery).
 */
export function judgeTellingOnWire(trial: Trial, judgement: Judgement): void {
  const { planned, texts, wire } = trial.history;
  const { at, what, messageId, done, outcome, verb, reason } = wire.columns;
  for (const hold of wireRows(trial).holds) {
    const message = heldMessage(trial, hold);
    const end = hold.settlement;
    if (end === NONE || verb[end] !== TERM_ON_WIRE || !toldReasons.has(texts.at(reason[end] ?? 0))) continue;
    if (message === NONE) continue;
    const id = texts.at(planned.columns.id[message] ?? 0);
    const name = texts.find(`urn:application:${hold.application} ${id}-refused`);
    const told =
      name === NONE ? [] : [...messageId.keys()].filter((one) => what[one] === PUBLISH && messageId[one] === name);
    // Whether there is a refusal at all, and of the right name, is for others to say.
    if (told.length === 0) continue;
    judgement.exercise();
    const givenUp = at[end] ?? 0;
    if (told.some((one) => outcome[one] === WIRE_STORED && (done[one] ?? Infinity) <= givenUp)) continue;
    judgement.fail(() => ({
      application: hold.application,
      expected: `the refusal of ${named(trial, message)} to be stored before it is given up`,
      observed: 'it was given up before the bus had acknowledged the refusal',
      evidence: [row('wire', end), ...rows(['wire', told[0]])],
    }));
  }
}
