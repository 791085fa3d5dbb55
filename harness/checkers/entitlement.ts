import { partitionPrefix, publishedSubject } from '../model/names.ts';
import { filterSubjects, subjectMatches } from '../model/subject.ts';
import { memo } from './memo.ts';
import { isRequestReply, type Trial } from './trial.ts';

/** Text index of a subject (as stored or as published) → mask of the receivers whose filters let it through. */
export const entitlement = memo((trial: Trial): ((subject: number) => number) => {
  const { flow, history } = trial;
  const all = 2 ** flow.receivers.length - 1;
  if (isRequestReply(trial)) return () => all;
  const filters = flow.receivers.map((receiver) => filterSubjects(flow, receiver));
  const known = new Int32Array(history.texts.length).fill(-1);
  return (subject) => {
    const before = known[subject] ?? -1;
    if (before >= 0) return before;
    const published = publishedSubject(flow, history.texts.at(subject));
    const mask = filters.reduce(
      (sum, own, place) => (own.some((filter) => subjectMatches(filter, published)) ? sum | (1 << place) : sum),
      0,
    );
    known[subject] = mask;
    return mask;
  };
});

/** Partition of a stored subject; 0 where the flow has none. */
export function partitionOf(trial: Trial, subject: number): number {
  if (trial.flow.partitions === undefined) return 0;
  const [prefix, partition] = trial.history.texts.at(subject).split('.', 2);
  return prefix === partitionPrefix ? Number(partition) : 0;
}
