import { NONE } from '../model/table.ts';
import type { Judgement } from './judgement.ts';
import { disturbed } from './lives.ts';
import { named } from './refusal.ts';
import { lagBetween } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { connections, mostLagMs } from './unrepeated.ts';
import { violations } from './violation.ts';
import { wireRows, WIRE_STORED } from './wire-rows.ts';

/** An event that is sent so long before another is given up has had its time. */
const fairMs = 2000;

/**
 * While an adapter waits for an acknowledgement, which does not come, it serves what its application sends of other keys: those are
 * answered before the one that waits. Put to the test by each of them.
 *
 * Relies on `send` (`.at`, `.done`, `.instance`), `planned.key`, `wire` (publish: `.outcome`; every begin and end of a connection),
 * `lifecycle`, `lag`.
 */
export function judgeHeldUp(trial: Trial, judgement: Judgement): void {
  const { send, planned, texts } = trial.history;
  const { at, done, message, application, instance } = send.columns;
  const { valid } = violations(trial);
  for (let silent = 0; silent < send.length; silent++) {
    const vain = publishedInVain(trial, silent);
    if (vain === NONE) continue;
    const [from, until] = [trial.history.wire.columns.at[vain] ?? 0, done[silent] ?? 0];
    const keyOf = (sent: number): string => texts.at(planned.columns.key[message[sent] ?? NONE] ?? 0);
    const key = keyOf(silent);
    const beside = (other: number): boolean =>
      application[other] === application[silent] &&
      instance[other] === instance[silent] &&
      planned.columns.flow[message[other] ?? NONE] === trial.flowText &&
      (key === '' || keyOf(other) !== key) &&
      valid[message[other] ?? NONE] === 1 &&
      (at[other] ?? 0) >= from &&
      (at[other] ?? 0) + fairMs <= until;
    const others = [...message.keys()].filter(beside);
    const name = texts.at(application[silent] ?? 0);
    if (others.length === 0 || hadTrouble(trial, silent, from, until)) continue;
    for (const other of others) {
      judgement.exercise();
      if ((done[other] ?? Infinity) < until) continue;
      if (lagBetween(trial, at[other] ?? 0, until).worstMs >= mostLagMs) {
        judgement.lag(`the harness's timer lagged while ${name} had several events in hand`);
        continue;
      }
      judgement.fail(() => ({
        application: name,
        expected: `${named(trial, message[other] ?? NONE)} to be served while ${named(trial, message[silent] ?? NONE)} waits for its acknowledgement`,
        observed: `it was answered ${((done[other] ?? 0) - until).toFixed(0)} ms after that`,
        evidence: rows(['send', silent], ['wire', vain], ['send', other]),
      }));
    }
  }
}

/** The first publish of what is sent, where none of them is ever answered; NONE. */
function publishedInVain(trial: Trial, sent: number): number {
  const { send, wire } = trial.history;
  const { at, done, message, application, instance } = send.columns;
  const own = (wireRows(trial).publishes.get(message[sent] ?? NONE) ?? []).filter(
    (row) =>
      wire.columns.application[row] === application[sent] &&
      wire.columns.instance[row] === instance[sent] &&
      (wire.columns.at[row] ?? 0) >= (at[sent] ?? 0) &&
      (wire.columns.at[row] ?? 0) <= (done[sent] ?? 0),
  );
  const isAnswered = (row: number): boolean =>
    wire.columns.outcome[row] === WIRE_STORED || !Number.isNaN(wire.columns.done[row]);
  return own.some(isAnswered) ? NONE : (own[0] ?? NONE);
}

/** Its adapter lost its connection meanwhile, or did not live on. */
function hadTrouble(trial: Trial, sent: number, from: number, until: number): boolean {
  const { send, wire, texts } = trial.history;
  const { application, instance } = send.columns;
  const lost = connections(trial).some(
    (row) =>
      wire.columns.application[row] === application[sent] &&
      wire.columns.instance[row] === instance[sent] &&
      (wire.columns.at[row] ?? 0) >= from &&
      (wire.columns.at[row] ?? 0) <= until,
  );
  return lost || disturbed(trial, texts.at(application[sent] ?? 0), from, until);
}
