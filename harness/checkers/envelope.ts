import type { Checker } from '../model/verdict.ts';
import { judgeChain } from './chain.ts';
import { judgeCopies } from './copies.ts';
import { judgeIds } from './ids.ts';
import { Judgement } from './judgement.ts';
import { judgeMadeRefusals } from './made-refusals.ts';
import { judgeReceivers, judgeSenders } from './refusal.ts';
import { judgePersonalData } from './scans.ts';
import { judgeTrace } from './trace.ts';
import { trialOf } from './trial.ts';

const clauses = ['ENV-1', 'ENV-2', 'ENV-3', 'ENV-4', 'ENV-5', 'ENV-6', 'ENV-7'] as const;

/** The envelope: attributes, ids, times, chain, classification, trace context, and no personal data in sight. */
export const envelope: Checker = {
  name: 'envelope',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [env1, env2, env3, env4, env5, env6, env7] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
      Judgement,
      Judgement,
      Judgement,
      Judgement,
    ];
    judgeCopies(trial, { envelope: env1, time: env3, classification: env5 });
    judgeIds(trial, env2);
    judgeChain(trial, env4);
    judgeTrace(trial, env6);
    judgeMadeRefusals(trial, {
      'ce-id': env2,
      'ce-source': env2,
      'ce-time': env3,
      'ce-partitionkey': env4,
      'ce-classification': env5,
      traceparent: env6,
      tracestate: env6,
    });
    judgePersonalData(trial, env7);
    judgeSenders(trial, ['header'], env1);
    judgeSenders(trial, ['time'], env3);
    judgeSenders(trial, ['classification'], env5);
    judgeReceivers(trial, ['classification'], env5);
    return [env1, env2, env3, env4, env5, env6, env7].map((judgement) => judgement.finding());
  },
};
