import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { partakes } from './partaking.ts';
import { row, type Trial } from './trial.ts';

/**
 * A notice has every attribute of the event that it is of, and no `Nats-Msg-Id`. Put to the test by each notice of an event of the flow.
 *
 * Relies on `notice.message`, `.application`, `.faults`.
 */
export function judgeNoticeHeaders(trial: Trial, judgement: Judgement): void {
  const { notice, planned, texts } = trial.history;
  const { message, application, faults } = notice.columns;
  for (const [at, of] of message.entries()) {
    const name = texts.at(application[at] ?? 0);
    if (planned.columns.flow[of] !== trial.flowText || !partakes(trial, name)) continue;
    judgement.exercise();
    if (faults[at] === 0) continue;
    judgement.fail(() => ({
      application: name,
      expected: `a notice of ${named(trial, of)} with all of its attributes, and nothing else but the reason`,
      observed: `not as they are to be: ${texts.at(faults[at] ?? 0).replaceAll(' ', ', ')}`,
      evidence: [row('notice', at)],
    }));
  }
}
