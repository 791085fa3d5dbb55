import type { Checker } from '../model/verdict.ts';
import { judgeAnswered } from './answered-records.ts';
import { judgeCustody } from './custody.ts';
import { Judgement } from './judgement.ts';
import { judgeContent } from './scans.ts';
import { judgeDigests, judgeTrail } from './trail.ts';
import { isRequestReply, trialOf } from './trial.ts';

const clauses = ['AUD-1', 'AUD-2', 'AUD-3', 'AUD-4'] as const;

/** The audit trail: complete, without content or its digests, and tamper-evident. */
export const audit: Checker = {
  name: 'audit',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [aud1, aud2, aud3, aud4] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
      Judgement,
    ];
    if (isRequestReply(trial)) judgeAnswered(trial, aud1, contract.unobserved ?? []);
    else judgeCustody(trial, aud1);
    judgeContent(trial, aud2);
    judgeDigests(trial, aud3);
    judgeTrail(trial, aud4);
    return [aud1, aud2, aud3, aud4].map((judgement) => judgement.finding());
  },
};
