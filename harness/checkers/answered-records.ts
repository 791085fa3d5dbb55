import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import type { Unobserved } from '../model/verdict.ts';
import { sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { row, rows, type Trial } from './trial.ts';
import { INJECTED_EVENT, isSuccess } from './words.ts';

const ANSWERED = codeOf(tableShapes.audit.change, 'answered');

/**
 * Request-reply: one record for each request that an answerer answered, joined by source and id. A request that its caller was told
 * no answer to may have been answered late, or not: either is right.
 *
 * Relies on `audit` (answered: flow, source, id), `send.status`, `delivery`, `injection`.
 */
export function judgeAnswered(trial: Trial, judgement: Judgement, unobserved: readonly Unobserved[]): void {
  if (unobserved.includes('answers')) {
    judgement.note(
      'somebody else’s bus does not tell that a request was answered: run it on a bus of the harness’s own',
    );
    return;
  }
  const { audit, injection, planned, send } = trial.history;
  const { find } = identities(trial);
  const recorded = new Uint32Array(planned.length);
  const lastRecord = new Uint32Array(planned.length).fill(NONE);
  for (let at = 0; at < audit.length; at++) {
    if (audit.columns.change[at] !== ANSWERED || audit.columns.flow[at] !== trial.flowText) continue;
    const message = find(audit.columns.source[at] ?? 0, audit.columns.id[at] ?? 0);
    if (message === NONE) {
      judgement.lack(() => ({
        expected: 'audit records of requests that somebody made',
        observed: 'one of a request that nobody made, or without its source and id',
        evidence: [row('audit', at)],
      }));
      continue;
    }
    recorded[message] = (recorded[message] ?? 0) + 1;
    lastRecord[message] = at;
  }
  const least = new Uint32Array(planned.length);
  const most = new Uint32Array(planned.length);
  const lastSend = new Uint32Array(planned.length).fill(NONE);
  for (let at = 0; at < send.length; at++) {
    const message = send.columns.message[at] ?? NONE;
    if (message >= planned.length || planned.columns.flow[message] !== trial.flowText) continue;
    most[message] = (most[message] ?? 0) + 1;
    lastSend[message] = at;
    if (isSuccess(send.columns.status[at] ?? 0)) least[message] = (least[message] ?? 0) + 1;
  }
  for (let at = 0; at < injection.length; at++) {
    const message = injection.columns.message[at] ?? NONE;
    if (message < planned.length && injection.columns.what[at] === INJECTED_EVENT)
      most[message] = (most[message] ?? 0) + 1;
  }
  for (let message = 0; message < planned.length; message++) {
    const times = recorded[message] ?? 0;
    const evidence = () => rows(['planned', message], ['send', lastSend[message]], ['audit', lastRecord[message]]);
    if ((least[message] ?? 0) > 0) judgement.exercise();
    if (times > Math.max(most[message] ?? 0, sizeOf(handovers(trial).byMessage, message))) {
      judgement.fail(() => ({
        expected: `one audit record that ${named(trial, message)} was answered`,
        observed: `${times}`,
        evidence: evidence(),
      }));
    } else if (times < (least[message] ?? 0)) {
      judgement.lack(() => ({
        expected: `an audit record that ${named(trial, message)} was answered`,
        observed: 'there is none',
        evidence: evidence(),
      }));
    }
  }
}
