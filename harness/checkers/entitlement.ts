import { partitionPrefix } from '../model/names.ts';
import { filterSubjects } from '../model/subject.ts';
import { memo } from './memo.ts';
import { isRequestReply, type Trial } from './trial.ts';

/** Text index of a subject (as stored or as published) → mask of the receivers whose filters let it through. */
export const entitlement = memo((trial: Trial): ((subject: number) => number) => {
  const { flow, history } = trial;
  const all = 2 ** flow.receivers.length - 1;
  if (isRequestReply(trial)) return () => all;
  const filters = flow.receivers.map((receiver) => filterSubjects(flow, receiver).map((filter) => openTokens(filter)));
  const prefixed = flow.partitions !== undefined;
  const known = new Int32Array(history.texts.length).fill(-1);
  return (subject) => {
    const before = known[subject] ?? -1;
    if (before >= 0) return before;
    let tokens = history.texts.at(subject).split('.');
    if (prefixed && tokens[0] === partitionPrefix) tokens = tokens.slice(2);
    let mask = 0;
    for (const [place, alternatives] of filters.entries()) {
      if (alternatives.some((filter) => meets(filter, tokens))) mask |= 1 << place;
    }
    known[subject] = mask;
    return mask;
  };
});

const openTokens = (filter: string): readonly string[] => filter.split('.');

function meets(filter: readonly string[], tokens: readonly string[]): boolean {
  for (const [at, token] of filter.entries()) {
    if (token === '>') return tokens.length > at;
    if (token !== '*' && token !== tokens[at]) return false;
  }
  return filter.length === tokens.length;
}

/** Partition of a stored subject; 0 where the flow has none. */
export function partitionOf(trial: Trial, subject: number): number {
  if (trial.flow.partitions === undefined) return 0;
  const [prefix, partition] = trial.history.texts.at(subject).split('.', 2);
  return prefix === partitionPrefix ? Number(partition) : 0;
}
