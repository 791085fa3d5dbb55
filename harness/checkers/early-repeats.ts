import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { disturbed } from './lives.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { lagBetween, raceMs } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { connections } from './unrepeated.ts';

/** How long an acknowledgement is waited for (S3), and how much sooner is soon enough. */
const waitMs = 2000;
const graceMs = 200;

/**
 * A publish of which no acknowledgement came is repeated once it has been waited for, and not before: the bus may only be slow, and is then
 * given more to do. Where a connection ended meanwhile, or the application has sent the event again, there is nothing to wait for.
 *
 * Relies on `wire` (publish: `.message`, `.instance`, `.done`; every begin and end of a connection), `send.at`, `lifecycle`, `lag`.
 */
export function judgeEarlyRepeats(
  trial: Trial,
  message: number,
  publishes: readonly number[],
  judgement: Judgement,
): void {
  const { wire, texts } = trial.history;
  const { at, done, application, instance } = wire.columns;
  const last = new Map<string, number>();
  for (const row of publishes) {
    const name = texts.at(application[row] ?? 0);
    const of = `${name} ${instance[row] ?? 0}`;
    const before = last.get(of);
    last.set(of, row);
    if (before === undefined) continue;
    const [from, to] = [at[before] ?? 0, at[row] ?? 0];
    const answered = (done[before] ?? Number.NaN) <= to + raceMs;
    const lost = connections(trial).some((other) => {
      const when = at[other] ?? 0;
      return application[other] === application[row] && when >= from - raceMs && when <= to + raceMs;
    });
    const isAsked = rowsOf(sends(trial).byMessage, message).some((sent) => {
      const when = trial.history.send.columns.at[sent] ?? 0;
      return when > from && when <= to + raceMs;
    });
    if (answered || lost || isAsked || to - from >= waitMs - graceMs || disturbed(trial, name, from, to)) continue;
    // What was read late may have come earlier.
    if (to - from + lagBetween(trial, from, to).worstMs >= waitMs - graceMs) {
      judgement.lag(`the harness's timer lagged while ${name} waited for an acknowledgement`);
      continue;
    }
    judgement.fail(() => ({
      application: name,
      expected: `${named(trial, message)} to be published again after ${waitMs} ms without an acknowledgement`,
      observed: `it was after ${(to - from).toFixed(0)} ms`,
      evidence: rows(['wire', before], ['wire', row]),
    }));
  }
}
