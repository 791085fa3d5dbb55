import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { judgeEarlyRepeats } from './early-repeats.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { INJECTED, REPLAYED, storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { judgeUnrepeated } from './unrepeated.ts';
import { wireRows, WIRE_STORED } from './wire-rows.ts';
import { CRASHED, ENDED, FAILED, isSuccess, OK, STOPPING } from './words.ts';

/**
 * A publish of which the adapter heard no good answer is repeated under the same message id, and what it carried is stored once
 * in the end; an adapter whose connection was cut comes back. Put to the test by each event that was published more than once or
 * not acknowledged, and by each cut.
 *
 * Whatever was published: an application is told that it is stored no sooner than the bus has said so, and that nobody knows no sooner than
 * it was published again, which is once an acknowledgement has been waited for.
 *
 * What is stored again more than a dedupe window later shows nothing: the bus no longer tells that it is a repeat. It leaves nothing open
 * where each publish followed an acknowledged one, or within a window of the one before or of its adapter's connecting again.
 *
 * Relies on `wire` (publish: `.message`, `.messageId`, `.outcome`, `.done`; cut, connect), `stored.storedAt`, `send.status`, `.done`, `lifecycle`.
 */
export function judgeRetries(trial: Trial, judgement: Judgement): void {
  const { of, shared } = identities(trial);
  for (const [message, publishes] of wireRows(trial).publishes) {
    if (shared.has(of[message] ?? NONE)) continue;
    judgeHaste(trial, message, publishes, judgement);
    judgeUnrepeated(trial, message, publishes, judgement);
    judgeEarlyRepeats(trial, message, publishes, judgement);
    const [first = NONE] = publishes;
    if (publishes.length === 1 && trial.history.wire.columns.outcome[first] === WIRE_STORED) continue;
    if (isLastValueRefused(trial, message)) continue;
    judgement.exercise();
    judgeOne(trial, message, publishes, judgement);
  }
  judgeComingBack(trial, judgement);
}

/** A newer value may have come between: then the older one is refused, and need not be stored. */
function isLastValueRefused(trial: Trial, message: number): boolean {
  const { status } = trial.history.send.columns;
  return (
    trial.flow.pattern === 'last-value' && rowsOf(sends(trial).byMessage, message).some((row) => status[row] === 409)
  );
}

function judgeOne(trial: Trial, message: number, publishes: readonly number[], judgement: Judgement): void {
  const { wire, stored, send, planned, texts } = trial.history;
  const { messageId, outcome } = wire.columns;
  const seen = storedRows(trial);
  // What the harness put there itself is no repeat of the adapter's.
  const copies = [...rowsOf(seen.byMessage, message)].filter(
    (place) => seen.origin[place] !== INJECTED && seen.origin[place] !== REPLAYED,
  );
  const application = texts.at(planned.columns.application[message] ?? 0);
  const [first = NONE] = publishes;
  const other = publishes.find((row) => messageId[row] !== messageId[first] || messageId[row] === 0);
  if (other !== undefined) {
    judgement.fail(() => ({
      application,
      expected: `every publish of ${named(trial, message)} to carry the same Nats-Msg-Id`,
      observed: messageId[other] === 0 ? 'one without' : 'another one',
      evidence: rows(['wire', first], ['wire', other === first ? NONE : other]),
    }));
  }
  const copyRows = copies.map((place) => seen.rows[place] ?? 0);
  const evidence = [
    ...publishes.slice(0, 3).map((row) => ['wire', row] as const),
    ...copyRows.slice(0, 3).map((row) => ['stored', row] as const),
  ];
  if (copyRows.length === 0) {
    judgement.lack(() => ({
      application,
      expected: `${named(trial, message)} to be stored in the end`,
      observed: `${publishes.length} publishes, and it was never seen in the stream`,
      evidence: rows(['planned', message], ...evidence),
    }));
    return;
  }
  const at = copyRows.map((row) => stored.columns.storedAt[row] ?? 0);
  const withinWindow = at.some((time, index) => index > 0 && time - (at[index - 1] ?? 0) <= windowOf(trial));
  if (withinWindow) {
    judgement.fail(() => ({
      application,
      expected: `${named(trial, message)} to be stored once`,
      observed: `it was stored ${copyRows.length} times`,
      evidence: rows(...evidence),
    }));
  } else if (copyRows.length > 1 && !isPrompt(trial, publishes, at.at(-1) ?? 0)) {
    judgement.undecide(`${named(trial, message)} was published again after the dedupe window`);
  }
  const told = rowsOf(sends(trial).byMessage, message).find(
    (row) => send.columns.outcome[row] === OK && isSuccess(send.columns.status[row] ?? 0),
  );
  // The last value is read back: the event itself is then the answer.
  if (told === undefined || trial.flow.pattern === 'last-value') return;
  if (publishes.some((row) => outcome[row] === WIRE_STORED)) return;
  judgement.fail(() => ({
    application,
    expected: `the bus to acknowledge ${named(trial, message)} before its application is told that it is stored`,
    observed: `it was told ${send.columns.status[told] ?? 0}; publishes: ${publishes.length}, acknowledged: none`,
    evidence: rows(['send', told], ...evidence),
  }));
}

/** An application is told that its event is stored no sooner than the bus has told its adapter. */
function judgeHaste(trial: Trial, message: number, publishes: readonly number[], judgement: Judgement): void {
  const { wire, send, planned, texts } = trial.history;
  const { done, outcome } = wire.columns;
  const told = rowsOf(sends(trial).byMessage, message).find(
    (row) => send.columns.outcome[row] === OK && isSuccess(send.columns.status[row] ?? 0),
  );
  const heard = publishes.filter((row) => outcome[row] === WIRE_STORED);
  const [first] = heard;
  if (told === undefined || first === undefined) return;
  const when = send.columns.done[told] ?? 0;
  if (heard.some((row) => (done[row] ?? 0) <= when + toleranceMs)) return;
  judgement.fail(() => ({
    application: texts.at(planned.columns.application[message] ?? 0),
    expected: `the bus to acknowledge ${named(trial, message)} before its application is told that it is stored`,
    observed: `it was told ${send.columns.status[told] ?? 0}, and the acknowledgement came ${((done[first] ?? 0) - when).toFixed(0)} ms later`,
    evidence: rows(['send', told], ['wire', first]),
  }));
}

/**
 * Each publish within a dedupe window of the one before, or of its adapter's connecting again, and what was stored last within one of the last.
 * One that follows an acknowledged publish is no repeat of the adapter's: its application has sent the event again.
 */
function isPrompt(trial: Trial, publishes: readonly number[], storedLast: number): boolean {
  const { at, outcome, application, instance } = trial.history.wire.columns;
  const last = publishes.at(-1) ?? NONE;
  if (storedLast - (at[last] ?? 0) > windowOf(trial)) return false;
  return publishes.every((row, nth) => {
    const before = publishes[nth - 1];
    if (before === undefined || outcome[before] === WIRE_STORED) return true;
    const since = (at[row] ?? 0) - windowOf(trial);
    if ((at[before] ?? 0) >= since) return true;
    return wireRows(trial).connects.some(
      (connect) =>
        application[connect] === application[row] &&
        instance[connect] === instance[row] &&
        (at[connect] ?? 0) >= since &&
        (at[connect] ?? 0) <= (at[row] ?? 0),
    );
  });
}

const windowOf = (trial: Trial): number => trial.flow.dedupeWindowMs ?? Infinity;

/** How long an adapter has for connecting again before its not coming back is held against it. */
const comeBackMs = 5000;

/** After a cut the instance connects again, if it lives long enough for that. */
function judgeComingBack(trial: Trial, judgement: Judgement): void {
  const { wire, texts } = trial.history;
  const { at, application, instance } = wire.columns;
  const { cuts, connects } = wireRows(trial);
  for (const cut of cuts) {
    const back = connects.some(
      (row) =>
        application[row] === application[cut] && instance[row] === instance[cut] && (at[row] ?? 0) > (at[cut] ?? 0),
    );
    if (back) judgement.exercise();
    if (back || lifeLeftMs(trial, cut) < comeBackMs) continue;
    judgement.lack(() => ({
      application: texts.at(application[cut] ?? 0),
      expected: `its adapter to connect again within ${comeBackMs} ms after its connection was cut`,
      observed: 'it did not',
      evidence: rows(['wire', cut]),
    }));
  }
}

/** How long the instance of a row of `wire` went on living; Infinity where nothing says that it ended. */
function lifeLeftMs(trial: Trial, row: number): number {
  const { wire, lifecycle } = trial.history;
  const { application, instance, change, at } = lifecycle.columns;
  let left = Infinity;
  for (let index = 0; index < lifecycle.length; index++) {
    const since = (at[index] ?? 0) - (wire.columns.at[row] ?? 0);
    if (since <= 0 || !ends.has(change[index] ?? 0)) continue;
    if (application[index] !== wire.columns.application[row] || instance[index] !== wire.columns.instance[row])
      continue;
    left = Math.min(left, since);
  }
  return left;
}

const ends: ReadonlySet<number> = new Set([STOPPING, ENDED, CRASHED, FAILED]);
