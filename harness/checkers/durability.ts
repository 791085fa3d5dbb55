import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { lastRow } from './gap.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { storedRows } from './stored-rows.ts';
import { row, rows, type Trial } from './trial.ts';
import { isSuccess, OK, YES } from './words.ts';

const IN_STORE = codeOf(tableShapes.content.where, 'store');

/**
 * What an application was told is stored, is in the stream; and what was in the stream is still there at drain, while its
 * retention lasts. Of messages that share an id, one stored is enough here: the rest is DUP-3.
 *
 * Relies on `send.status` (2xx), `stored`, `streamState` (first, last, messages), `stored.at`, `fault.kind`, `.took`;
 * for claim-check on `content` (store) and `planned.contents`.
 */
export function judgeDurability(trial: Trial, judgement: Judgement): void {
  const { fault, planned, send, texts } = trial.history;
  const stored = storedRows(trial);
  const { of, shared } = identities(trial);
  const told = new Uint8Array(planned.length);
  const { message: messageOf, status, outcome } = send.columns;
  for (let at = 0; at < send.length; at++) {
    const message = messageOf[at] ?? NONE;
    if (outcome[at] !== OK || !isSuccess(status[at] ?? 0) || planned.columns.flow[message] !== trial.flowText) continue;
    if (told[message] === 1) continue;
    told[message] = 1;
    judgement.exercise();
    if (sizeOf(stored.byMessage, message) > 0) continue;
    const others = shared.get(of[message] ?? NONE) ?? [];
    if (others.some((other) => sizeOf(stored.byMessage, other) > 0)) continue;
    judgement.lack(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `${named(trial, message)}, which was acknowledged, to be in the stream`,
      observed: 'it was never seen there',
      evidence: rows(['planned', message], ['send', at]),
    }));
  }
  judgeKept(trial, told, judgement);
  judgeContents(trial, told, judgement);
  const kinds = new Set<string>();
  for (let at = 0; at < fault.length; at++)
    if (fault.columns.took[at] === YES) kinds.add(texts.at(fault.columns.kind[at] ?? 0));
  judgement.note(`fault classes: ${kinds.size === 0 ? 'none' : [...kinds].join(', ')}`);
}

/** Claim-check: the contents of an acknowledged bundle lie in the store, whole. */
function judgeContents(trial: Trial, told: Uint8Array, judgement: Judgement): void {
  const { content, planned } = trial.history;
  const { where, message, item, intact } = content.columns;
  if (trial.flow.pattern !== 'claim-check') return;
  const whole = new Map<number, Set<number>>();
  let looked = false;
  for (let at = 0; at < content.length; at++) {
    if (where[at] !== IN_STORE) continue;
    looked = true;
    const items = whole.get(message[at] ?? NONE) ?? new Set();
    whole.set(message[at] ?? NONE, items);
    if (intact[at] === YES) items.add(item[at] ?? 0);
  }
  for (let bundle = 0; bundle < planned.length; bundle++) {
    const contents = planned.columns.contents[bundle] ?? 0;
    if (told[bundle] !== 1 || contents === 0) continue;
    if (!looked) {
      judgement.undecide('nobody looked at the objects in the store');
      return;
    }
    const found = whole.get(bundle)?.size ?? 0;
    if (found >= contents) continue;
    judgement.lack(() => ({
      expected: `the ${contents} contents of ${named(trial, bundle)}, which was acknowledged, to lie in the store`,
      observed: `${found} of them do, whole`,
      evidence: rows(
        ['planned', bundle],
        ...[...message].flatMap((of, at) =>
          of === bundle && where[at] === IN_STORE ? [['content', at] as const] : [],
        ),
      ),
    }));
  }
}

function judgeKept(trial: Trial, told: Uint8Array, judgement: Judgement): void {
  const { streamState, stored } = trial.history;
  const state = lastRow(streamState.columns.stream, trial.streamText);
  if (state === NONE) return;
  const first = streamState.columns.first[state] ?? 0;
  const last = streamState.columns.last[state] ?? 0;
  const held = streamState.columns.messages[state] ?? 0;
  const at = streamState.columns.at[state] ?? 0;
  const seen = storedRows(trial);
  const young = (place: number): boolean =>
    at - (stored.columns.at[seen.rows[place] ?? 0] ?? 0) < (trial.flow.retention?.maxAgeMs ?? Infinity);
  for (let place = 0; place < seen.rows.length; place++) {
    const stored_ = seen.rows[place] ?? 0;
    const message = seen.message[place] ?? NONE;
    if ((stored.columns.sequence[stored_] ?? 0) >= first && held > 0) break;
    if (told[message] !== 1 || !young(place)) continue;
    // A copy that was stored later keeps it.
    if (
      rowsOf(seen.byMessage, message).some(
        (other) => (stored.columns.sequence[seen.rows[other] ?? 0] ?? 0) >= first && held > 0,
      )
    )
      continue;
    judgement.fail(() => ({
      expected: `${named(trial, message)} to stay in the stream for its retention`,
      observed: `at drain the stream began at sequence ${first}`,
      evidence: [row('stored', stored_), row('streamState', state)],
    }));
  }
  const missing = last - first + 1 - held;
  if (held === 0 || missing <= 0 || seen.rows.length === 0 || !young(0)) return;
  judgement.fail(() => ({
    expected: 'every stored message to stay in the stream for its retention',
    observed: `${missing} messages between the first and the last were gone at drain`,
    evidence: [row('streamState', state)],
  }));
}
