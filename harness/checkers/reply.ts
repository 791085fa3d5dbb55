import type { Checker } from '../model/verdict.ts';
import { judgeAnswers } from './answers.ts';
import { judgeGivenReplies } from './given-replies.ts';
import { Judgement } from './judgement.ts';
import { judgeMadeRefusals } from './made-refusals.ts';
import { judgeNobody } from './nobody.ts';
import { judgeStrayReplies } from './stray-replies.ts';
import { isRequestReply, trialOf } from './trial.ts';
import { judgeUnknownOutcomes } from './unknown-outcomes.ts';

const clauses = ['REP-1', 'REP-2', 'REP-3'] as const;

/** Requests and replies: one answer by the deadline, to the one who asked, and word at once where nobody is there. */
export const reply: Checker = {
  name: 'reply',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [rep1, rep2, rep3] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
    ];
    if (isRequestReply(trial)) {
      judgeAnswers(trial, rep1);
      judgeGivenReplies(trial, rep1);
      judgeMadeRefusals(trial, { '/retryable': rep1, '/copies': rep1 });
      judgeUnknownOutcomes(trial, rep1);
      judgeStrayReplies(trial, rep2);
      judgeNobody(trial, rep3);
    }
    return [rep1, rep2, rep3].map((judgement) => judgement.finding());
  },
};
