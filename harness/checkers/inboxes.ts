import { tableShapes } from '../model/history.ts';
import { codeOf } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { startOf } from './lives.ts';
import { partakes } from './partaking.ts';
import { rows, type Trial } from './trial.ts';

const SUBSCRIBE = codeOf(tableShapes.wire.what, 'subscribe');
const inbox = /^_INBOX/;
/** That of an asker: its token is fresh for each process. */
const replies = /\.reply\./;

/**
 * An inbox is that of one process: an instance that listens to another's hears what is not for it, and takes it for what nobody
 * waits for. After a reconnect the same instance listens to its own again; one that was started anew listens for replies to another, since
 * what the process before it asked for may still be answered.
 *
 * Relies on `wire` (subscribe: `.subject`, `.application`, `.instance`), `lifecycle` (started).
 */
export function judgeInboxes(trial: Trial, judgement: Judgement): void {
  const { wire, texts } = trial.history;
  const { what, subject, application, instance, at: when } = wire.columns;
  const first = new Map<number, number>();
  for (let at = 0; at < wire.length; at++) {
    const name = texts.at(application[at] ?? 0);
    const of = subject[at] ?? 0;
    if (what[at] !== SUBSCRIBE || !inbox.test(texts.at(of)) || !partakes(trial, name)) continue;
    const before = first.get(of);
    if (before === undefined) first.set(of, at);
    else if (application[before] === application[at] && instance[before] !== instance[at])
      judgement.fail(() => ({
        application: name,
        expected: 'an inbox of its own for each instance',
        observed: `instances ${instance[before] ?? 0} and ${instance[at] ?? 0} listen to ${texts.at(of)}`,
        evidence: rows(['wire', before], ['wire', at]),
      }));
    else if (application[before] === application[at] && replies.test(texts.at(of))) {
      const lives = [before, at].map((row) => startOf(trial, name, instance[row] ?? 0, when[row] ?? 0));
      if (lives[0] === lives[1]) continue;
      judgement.fail(() => ({
        application: name,
        expected: 'a fresh inbox for replies in each process',
        observed: `instance ${instance[at] ?? 0} listens to ${texts.at(of)}, as it did before it was started again`,
        evidence: rows(['wire', before], ['wire', at]),
      }));
    }
  }
}
