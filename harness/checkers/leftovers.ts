import { NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { injectedEvents } from './stored-rows.ts';
import { rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { isRefusal, NO } from './words.ts';

/**
 * Claim-check: of a bundle that was refused for its contents, nothing stays in the store that is not as its manifest says.
 *
 * Relies on `content` (in the store at the end: `.message`, `.intact`), `send.status`.
 */
export function judgeLeftovers(trial: Trial, judgement: Judgement): void {
  const { content, planned, send, texts } = trial.history;
  const broken = new Set(violations(trial).of('content'));
  const injected = injectedEvents(trial);
  for (let at = 0; at < content.length; at++) {
    const message = content.columns.message[at] ?? NONE;
    if (content.columns.where[at] !== 0 || content.columns.intact[at] !== NO) continue;
    if (!broken.has(message) || injected[message] === 1) continue;
    const refused = rowsOf(sends(trial).byMessage, message).find((row) => isRefusal(send.columns.status[row] ?? 0));
    if (refused === undefined) continue;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `nothing wrong to stay in the store of ${named(trial, message)}, which was refused`,
      observed: `item ${content.columns.item[at] ?? 0} is there`,
      evidence: rows(['planned', message], ['send', refused], ['content', at]),
    }));
  }
}
