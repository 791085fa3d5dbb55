import type { Checker } from '../model/verdict.ts';
import { judgeAcknowledgementsOnWire } from './acknowledgements-on-wire.ts';
import { judgeAttempts } from './attempts.ts';
import { judgeAttemptsOnWire } from './attempts-on-wire.ts';
import { judgeConservation } from './conservation.ts';
import { judgeReasons } from './reasons.ts';
import { judgeDeadLetters } from './dead-letters.ts';
import { Judgement } from './judgement.ts';
import { judgeMadeRefusals } from './made-refusals.ts';
import { judgeNoticeHeaders } from './notice-headers.ts';
import { judgeNoticesOnWire } from './notices-on-wire.ts';
import { judgeTelling } from './telling.ts';
import { judgeTellingOnWire } from './telling-on-wire.ts';
import { trialOf } from './trial.ts';

const clauses = ['DLQ-1', 'DLQ-2', 'DLQ-4'] as const;

/** What cannot be delivered: given up after its attempts, kept as a dead letter, and nothing else goes missing. */
export const deadLetter: Checker = {
  name: 'dead-letter',
  clauses,
  check: (contract, history) => {
    const trial = trialOf(contract, history);
    const [dlq1, dlq2, dlq4] = clauses.map((id) => new Judgement(contract, trial, id)) as [
      Judgement,
      Judgement,
      Judgement,
    ];
    if (trial.flow.stream !== undefined && trial.flow.delivery === 'at-least-once') {
      judgeDeadLetters(trial, dlq1);
      judgeReasons(trial, dlq1);
      judgeMadeRefusals(trial, { '/retryable': dlq1, '/copies': dlq1 });
      judgeTelling(trial, dlq1);
      judgeTellingOnWire(trial, dlq1);
      judgeAttempts(trial, dlq2);
      judgeAttemptsOnWire(trial, dlq2);
      judgeConservation(trial, dlq4);
      judgeAcknowledgementsOnWire(trial, dlq4);
      judgeNoticesOnWire(trial, dlq4);
      judgeNoticeHeaders(trial, dlq4);
    }
    return [dlq1, dlq2, dlq4].map((judgement) => judgement.finding());
  },
};
