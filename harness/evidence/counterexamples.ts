import type { Counterexample } from '../model/counterexample.ts';
import type { JudgedTrial } from '../model/judgement.ts';
import type { JournalTrial } from './journal-reader.ts';
import { sequenceOf } from './sequence.ts';

/** What the journal's trials of smallest workloads show; `judged` are the same trials, judged. */
export function counterexamplesOf(
  trials: readonly JournalTrial[],
  judged: readonly JudgedTrial[],
): readonly Counterexample[] {
  return trials.flatMap(({ header, history }, at) => {
    const { counterexample, id, flow, scenario, seed } = header;
    if (counterexample === undefined) return [];
    const finding = judged[at]?.findings.find(({ clause }) => clause === counterexample.clause);
    const failure = finding?.failures[0];
    return [
      {
        ...counterexample,
        trial: id,
        flow,
        scenario,
        seed,
        ...(failure === undefined ? {} : { failure }),
        sequence: sequenceOf(history, failure?.evidence),
      },
    ];
  });
}
