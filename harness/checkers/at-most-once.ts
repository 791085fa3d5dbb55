import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { storedRows } from './stored-rows.ts';
import { isRequestReply, receiverAt, rows, type Trial } from './trial.ts';
import { INJECTED_EVENT } from './words.ts';

/**
 * At most once: no receiver is handed a message more often than it was put on the bus (each stored copy once; each request as
 * often as its caller asked).
 *
 * Relies on `delivery`, `stored.message`, and for request-reply on `send` and `injection`.
 */
export function judgeAtMostOnce(trial: Trial, judgement: Judgement): void {
  const { planned, injection, delivery } = trial.history;
  const { count, byMessage } = handovers(trial);
  const { receiver } = handovers(trial);
  const stored = storedRows(trial);
  const asked = new Map<number, number>();
  for (let at = 0; at < injection.length; at++) {
    const message = injection.columns.message[at] ?? NONE;
    if (injection.columns.what[at] === INJECTED_EVENT) asked.set(message, (asked.get(message) ?? 0) + 1);
  }
  const width = trial.receivers.length;
  for (let message = 0; message < planned.length; message++) {
    if (sizeOf(byMessage, message) === 0) continue;
    const published = isRequestReply(trial)
      ? sizeOf(sends(trial).byMessage, message) + (asked.get(message) ?? 0)
      : sizeOf(stored.byMessage, message);
    for (let place = 0; place < width; place++) {
      const times = count[message * width + place] ?? 0;
      if (times === 0) continue;
      judgement.exercise();
      if (times <= Math.max(1, published)) continue;
      const evidence = rowsOf(byMessage, message).filter((at) => receiver[at] === place);
      judgement.fail(() => ({
        application: receiverAt(trial, place),
        expected: `${named(trial, message)} to be handed over once at most`,
        observed: `${times} times, status ${[...evidence].map((at) => delivery.columns.status[at] ?? 0).join(', ')}`,
        evidence: rows(...[...evidence.subarray(0, published + 1)].map((at) => ['delivery', at] as const)),
      }));
    }
  }
}
