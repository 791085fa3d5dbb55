import { NONE } from '../model/table.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { memo } from './memo.ts';
import { repeatedPublishes, type Publish } from './publishes.ts';
import { named } from './refusal.ts';
import { REPLAYED, SENT, sourceOf, storedRows, storedTime } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { row, rows, type Trial } from './trial.ts';
import { YES } from './words.ts';

/** How late the window's edge may run: from the window to this much over it, stored and not stored are both right. */
export const edgeMs = 100;

/** Identity → places of its stored copies under one message id, replays left out; only where there is more than one. */
export const copies = memo((trial: Trial): ReadonlyMap<number, readonly number[]> => {
  const { stored, planned } = trial.history;
  const seen = storedRows(trial);
  const { of } = identities(trial);
  const firstPlace = new Uint32Array(planned.length).fill(NONE);
  const found = new Map<number, number[]>();
  for (let place = 0; place < seen.rows.length; place++) {
    const identity = of[seen.message[place] ?? NONE] ?? NONE;
    if (identity === NONE || seen.origin[place] === REPLAYED) continue;
    const before = firstPlace[identity] ?? NONE;
    if (before === NONE) firstPlace[identity] = place;
    else {
      const list = found.get(identity) ?? [before];
      list.push(place);
      found.set(identity, list);
    }
  }
  const messageIds = stored.columns.messageId;
  const idOf = (place: number): number => messageIds[seen.rows[place] ?? 0] ?? 0;
  // The harness may inject a copy under another message id, which is no duplicate to the bus.
  for (const [identity, places] of found) {
    const first = idOf(places[0] ?? 0);
    const same = places.filter((place) => seen.origin[place] === 0 || idOf(place) === first);
    if (same.length < 2) found.delete(identity);
    else if (same.length < places.length) found.set(identity, same);
  }
  return found;
});

/**
 * One id is stored once within the window, and is stored again once it is over.
 *
 * Relies on `stored.storedAt` (the server's own time, so that copies are compared on one clock), `.messageId`, and the publishes.
 */
export function judgeWindow(trial: Trial, windowMs: number, judgement: Judgement): void {
  const seen = storedRows(trial);
  for (const places of copies(trial).values()) {
    for (const [index, place] of places.entries()) {
      const before = places[index - 1];
      if (before === undefined) continue;
      const apartMs = storedTime(trial, place) - storedTime(trial, before);
      if (apartMs >= windowMs - toleranceMs) continue;
      judgement.fail(() => ({
        expected: `${named(trial, seen.message[before] ?? NONE)} to be stored once within ${windowMs} ms`,
        observed: `it was stored again ${apartMs.toFixed(0)} ms later`,
        evidence: rows(['stored', seen.rows[before]], ['stored', seen.rows[place]]),
      }));
    }
  }
  for (const publishes of repeatedPublishes(trial).values()) judgeRepeats(trial, publishes, windowMs, judgement);
}

/**
 * The bus knows an id by the message id that adapters give it, each the same: else what two of them send, or an adapter and whoever puts
 * the event back, is no duplicate to it. What the harness stored itself is left out.
 *
 * Relies on `stored.messageId`, `planned.source`, `.id`.
 */
export function judgeMessageIds(trial: Trial, judgement: Judgement): void {
  const { planned, stored, texts } = trial.history;
  const seen = storedRows(trial);
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (message === NONE || seen.origin[place] !== SENT) continue;
    const at = seen.rows[place] ?? 0;
    const given = texts.at(stored.columns.messageId[at] ?? 0);
    const wanted = [planned.columns.source, planned.columns.id]
      .map((column) => texts.at(column[message] ?? 0))
      .join(' ');
    if (given === wanted) continue;
    judgement.fail(() => ({
      application: sourceOf(trial, at),
      expected: `${named(trial, message)} to be stored under the Nats-Msg-Id ${wanted}, its source and its id with one space between`,
      observed: given === '' ? 'it was stored without one' : `it was stored under ${given}`,
      evidence: rows(['planned', message], ['stored', at]),
    }));
  }
}

function judgeRepeats(trial: Trial, publishes: readonly Publish[], windowMs: number, judgement: Judgement): void {
  let stored: Publish | undefined;
  for (const publish of publishes) {
    if (stored === undefined) {
      if (publish.sure && !publish.duplicate) stored = publish;
      continue;
    }
    const leastMs = publish.at - stored.done;
    const mostMs = publish.done - stored.at;
    if (mostMs < windowMs && publish.sure && (publish.table === 'send' || publish.duplicate)) judgement.exercise();
    // An injection alone says whether the bus took it for a duplicate; an adapter's own answer is the same for both.
    if (publish.table !== 'injection' || !publish.sure) continue;
    if (sameMessageId(trial, publish, stored) && leastMs > windowMs + edgeMs) {
      judgement.exercise();
      if (publish.duplicate && !storedBetween(trial, publish, windowMs)) {
        const first = stored;
        judgement.fail(() => ({
          expected: `${named(trial, publish.message)} to be stored again ${edgeMs} ms and more after the window of ${windowMs} ms`,
          observed: `the bus took it for a duplicate after ${leastMs.toFixed(0)} ms`,
          evidence: [row(first.table, first.row), row(publish.table, publish.row)],
        }));
      }
    }
    if (!publish.duplicate) stored = publish;
  }
}

/** Whether a copy was stored so shortly before that the duplicate is one of that copy. */
function storedBetween(trial: Trial, publish: Publish, windowMs: number): boolean {
  const identity = identities(trial).of[publish.message] ?? NONE;
  return (copies(trial).get(identity) ?? []).some((place) => {
    const apartMs = publish.at - storedTime(trial, place);
    return apartMs > 0 && apartMs < windowMs + edgeMs;
  });
}

/** Whether two publishes are the same to the bus: a new copy under another message id would have been stored, and not called a duplicate. */
function sameMessageId(trial: Trial, publish: Publish, before: Publish): boolean {
  const { injection } = trial.history;
  return (
    before.table === 'send' || injection.columns.duplicate[publish.row] === YES || publish.message === before.message
  );
}
