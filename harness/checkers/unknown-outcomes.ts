import { isProblemFault } from '../model/problem-details.ts';
import { NONE } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { row, type Trial } from './trial.ts';

const statuses = [503, 504] as const;

/**
 * An application is told that the outcome of its sending is unknown with one of two statuses, as problem details (S1 and S2 of
 * ADAPTERS.md): by these it knows that it is to send again, and what to write down.
 *
 * Relies on `send.status`, `.reason`, `planned.flow`.
 */
export function judgeUnknownOutcomes(trial: Trial, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const { message, status, reason, application } = send.columns;
  for (let at = 0; at < send.length; at++) {
    const said = status[at] ?? 0;
    const of = message[at] ?? NONE;
    if (said < 500 || planned.columns.flow[of] !== trial.flowText) continue;
    const why = texts.at(reason[at] ?? 0);
    if (statuses.some((each) => each === said) && !isProblemFault(why)) continue;
    judgement.fail(() => ({
      application: texts.at(application[at] ?? 0),
      expected: `an unknown outcome of ${named(trial, of)} to be told with ${statuses.join(' or ')}, as application/problem+json of a type urn:busworthy:<reason>`,
      observed: `${said}${isProblemFault(why) ? `, ${why}` : ''}`,
      evidence: [row('send', at)],
    }));
  }
}
