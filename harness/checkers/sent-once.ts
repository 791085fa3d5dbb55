import { NONE } from '../model/table.ts';
import { sizeOf } from './groups.ts';
import { identities } from './identity.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { rows, type Trial } from './trial.ts';
import { WIRE_REFUSED, wireRows } from './wire-rows.ts';

/**
 * At most once an adapter publishes an event as often as its application sends it, and not again where no acknowledgement comes. Put to the
 * test by each publish that stayed without one. What the bus refused may begin anew.
 *
 * Relies on `wire` (publish: `.message`, `.done`, `.outcome`), `send.message`.
 */
export function judgeSentOnce(trial: Trial, judgement: Judgement): void {
  const { wire, planned, texts } = trial.history;
  const { of, shared } = identities(trial);
  for (const [message, all] of wireRows(trial).publishes) {
    // Of two events under one id nobody can say which was published.
    if (shared.has(of[message] ?? NONE)) continue;
    const publishes = all.filter((_, nth) => wire.columns.outcome[all[nth - 1] ?? NONE] !== WIRE_REFUSED);
    const [first] = publishes;
    if (first === undefined) continue;
    if (Number.isNaN(wire.columns.done[first] ?? Number.NaN)) judgement.exercise();
    if (publishes.length <= Math.max(1, sizeOf(sends(trial).byMessage, message))) continue;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `${named(trial, message)} to be published once, as its flow promises at most once`,
      observed: `${publishes.length} publishes`,
      evidence: rows(...publishes.slice(0, 3).map((row) => ['wire', row] as const)),
    }));
  }
}
