import { NONE } from '../model/table.ts';
import { memo } from './memo.ts';
import type { Trial } from './trial.ts';

/** Planned messages by source and id: several with one id are one identity with other content. */
export interface Identities {
  /** Planned message → the first of this flow with its source and id; itself for most, NONE for other flows. */
  readonly of: Uint32Array;
  /** Identities of which there is more than one message, with all their messages. */
  readonly shared: ReadonlyMap<number, readonly number[]>;
  /** The first planned message of this flow with a source and id, given as text indexes; NONE. */
  readonly find: (source: number, id: number) => number;
}

/** Relies on `planned.source`, `.id`, `.flow`. */
export const identities = memo((trial: Trial): Identities => {
  const { planned, texts } = trial.history;
  const { source, id, flow } = planned.columns;
  const byId = new Uint32Array(texts.length).fill(NONE);
  const of = new Uint32Array(planned.length).fill(NONE);
  const shared = new Map<number, number[]>();
  const rest = new Map<string, number>();
  for (let message = 0; message < planned.length; message++) {
    if (flow[message] !== trial.flowText) continue;
    const name = id[message] ?? 0;
    let first = byId[name] ?? NONE;
    if (first === NONE) {
      byId[name] = message;
      first = message;
    } else if (source[first] !== source[message]) {
      const pair = `${source[message] ?? 0} ${name}`;
      first = rest.get(pair) ?? message;
      rest.set(pair, first);
    }
    of[message] = first;
    if (first === message) continue;
    const messages = shared.get(first) ?? [first];
    messages.push(message);
    shared.set(first, messages);
  }
  const find = (wantedSource: number, wantedId: number): number => {
    const first = byId[wantedId] ?? NONE;
    if (first === NONE || source[first] === wantedSource) return first;
    return rest.get(`${wantedSource} ${wantedId}`) ?? NONE;
  };
  return { of, shared, find };
});
