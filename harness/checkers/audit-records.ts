import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { memo } from './memo.ts';
import { storedRows } from './stored-rows.ts';
import { receiverPlaces, type Trial } from './trial.ts';

const ACCEPTED = codeOf(tableShapes.audit.change, 'accepted');
const SETTLED = codeOf(tableShapes.audit.change, 'settled');
const DEAD_LETTERED = codeOf(tableShapes.audit.change, 'dead-lettered');
const REPLAY = codeOf(tableShapes.audit.change, 'replayed');

/** Records of this flow's stream. `accepted` is by stored place, `settled` and `deadLettered` by place and receiver. */
interface Records {
  readonly accepted: Counted;
  readonly settled: Counted;
  readonly deadLettered: Counted;
  /** `<source> <id>` as text indexes → rows of replays. */
  readonly replayed: ReadonlyMap<string, readonly number[]>;
  /** Of what was never stored, or of no subscriber. */
  readonly strange: readonly number[];
}

interface Counted {
  readonly first: Uint32Array;
  readonly count: Uint32Array;
}

const counted = (length: number): Counted => ({
  first: new Uint32Array(length).fill(NONE),
  count: new Uint32Array(length),
});

function count({ first, count: counts }: Counted, index: number, at: number): void {
  if (first[index] === NONE) first[index] = at;
  counts[index] = (counts[index] ?? 0) + 1;
}

/** Relies on `audit.change`, `.stream`, `.streamSequence`, `.application`, `.flow`, `.source`, `.id`. */
export const records = memo((trial: Trial): Records => {
  const { audit } = trial.history;
  const { change, stream, streamSequence, application, flow, source, id } = audit.columns;
  const seen = storedRows(trial);
  const places = receiverPlaces(trial);
  const width = trial.receivers.length;
  const found = {
    accepted: counted(seen.rows.length),
    settled: counted(seen.rows.length * width),
    deadLettered: counted(seen.rows.length * width),
  };
  const replayed = new Map<string, number[]>();
  const strange: number[] = [];
  for (let at = 0; at < audit.length; at++) {
    if (change[at] === REPLAY && flow[at] === trial.flowText) {
      const name = `${String(source[at] ?? 0)} ${String(id[at] ?? 0)}`;
      replayed.set(name, [...(replayed.get(name) ?? []), at]);
      continue;
    }
    if (stream[at] !== trial.streamText) continue;
    const place = seen.placeOf(streamSequence[at] ?? 0);
    const receiver = change[at] === ACCEPTED ? 0 : places.get(application[at] ?? 0);
    if (place === NONE || receiver === undefined) strange.push(at);
    else if (change[at] === ACCEPTED) count(found.accepted, place, at);
    else if (change[at] === SETTLED) count(found.settled, place * width + receiver, at);
    else if (change[at] === DEAD_LETTERED) count(found.deadLettered, place * width + receiver, at);
  }
  return { ...found, replayed, strange };
});
