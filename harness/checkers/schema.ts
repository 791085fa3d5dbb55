import type { Checker } from '../model/verdict.ts';
import { Judgement } from './judgement.ts';
import { judgeLeftovers } from './leftovers.ts';
import { judgePayloads, judgeReceivedPayloads, judgeWrongRefusals } from './payloads.ts';
import { judgeReceivers, judgeSenders } from './refusal.ts';
import { judgeSize } from './size.ts';
import { judgeTolerance } from './tolerance.ts';
import { trialOf } from './trial.ts';

const clauses = ['SCH-1', 'SCH-2', 'SCH-3', 'SCH-4', 'SCH-5'] as const;

/** The payload: its schema, its semantic rules, its size, and what a receiver must bear. */
export const schema: Checker = {
  name: 'schema',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [sch1, sch2, sch3, sch4, sch5] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
      Judgement,
      Judgement,
    ];
    judgePayloads(trial, { schema: sch1, rules: sch3 });
    judgeWrongRefusals(trial, sch1);
    judgeSenders(trial, ['schema'], sch1);
    judgeReceivedPayloads(trial, sch2);
    judgeReceivers(trial, ['schema', 'header', 'time', 'size', 'content'], sch2);
    judgeSenders(trial, ['rule', 'content'], sch3);
    judgeReceivers(trial, ['rule', 'content'], sch3);
    judgeLeftovers(trial, sch3);
    judgeSize(trial, sch4);
    judgeSenders(trial, ['size'], sch4);
    judgeTolerance(trial, sch5);
    return [sch1, sch2, sch3, sch4, sch5].map((judgement) => judgement.finding());
  },
};
