import { tableShapes } from '../model/history.ts';
import { codeOf } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import type { Judgement } from './judgement.ts';
import { disturbed } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { sends } from './sends.ts';
import { justBeforeMs, lagBetween, raceMs } from './timing.ts';
import { rows, type Trial } from './trial.ts';
import { WIRE_REFUSED, WIRE_STORED } from './wire-rows.ts';

/** So late may the harness have read what came, half of the time that an adapter waits for an acknowledgement: then it may have missed a repeat. */
export const mostLagMs = 1000;

const ofConnections = (['open', 'connect', 'cut', 'refused', 'unparsed', 'close'] as const).map((word) =>
  codeOf(tableShapes.wire.what, word),
);

/** Rows that tell of a connection that began or ended. */
export const connections = memo((trial: Trial): readonly number[] => {
  const { what } = trial.history.wire.columns;
  return Array.from({ length: what.length }, (_, row) => row).filter((row) => ofConnections.includes(what[row] ?? 0));
});

/**
 * An application is told that the acknowledgement of its event is missing only once its adapter has published it again, as long as the
 * adapter lives and has its connection.
 *
 * Relies on `wire` (publish: `.message`, `.instance`, `.outcome`, `.done`; every begin and end of a connection), `send.status`, `.instance`,
 * `lifecycle`, `lag`.
 */
export function judgeUnrepeated(
  trial: Trial,
  message: number,
  publishes: readonly number[],
  judgement: Judgement,
): void {
  const { send, wire, texts } = trial.history;
  const { at, done, status, application, instance } = send.columns;
  for (const told of rowsOf(sends(trial).byMessage, message)) {
    if (status[told] !== 503 && status[told] !== 504) continue;
    const [from, to] = [at[told] ?? 0, done[told] ?? 0];
    const isOwn = (row: number): boolean =>
      wire.columns.application[row] === application[told] && wire.columns.instance[row] === instance[told];
    const own = publishes.filter((row) => {
      const when = wire.columns.at[row] ?? 0;
      return isOwn(row) && when >= from && when <= to + raceMs;
    });
    const [only] = own;
    if (only === undefined || own.length > 1 || wasAnswered(trial, only, to)) continue;
    const published = wire.columns.at[only] ?? 0;
    const name = texts.at(application[told] ?? 0);
    const lagMs = lagBetween(trial, Math.max(0, published - justBeforeMs), to).worstMs;
    // The end of a connection is written down as late as what is read.
    const lost = connections(trial).some((row) => {
      const when = wire.columns.at[row] ?? 0;
      return isOwn(row) && when >= published && when <= to + raceMs + Math.min(lagMs, mostLagMs);
    });
    if (lost || disturbed(trial, name, from, to)) continue;
    if (lagMs >= mostLagMs) {
      judgement.lag(`the harness's timer lagged while ${name} waited for an acknowledgement`);
      continue;
    }
    judgement.fail(() => ({
      application: name,
      expected: `${named(trial, message)}, of which no acknowledgement came, to be published again before its application is told so`,
      observed: `it was told ${status[told] ?? 0} after ${(to - from).toFixed(0)} ms, and one publish`,
      evidence: rows(['wire', only], ['send', told]),
    }));
  }
}

/** Whether the bus's answer to a publish had passed by a moment: what it refused need not be repeated. */
function wasAnswered(trial: Trial, publish: number, by: number): boolean {
  const { outcome, done } = trial.history.wire.columns;
  if (outcome[publish] === WIRE_REFUSED) return true;
  return outcome[publish] === WIRE_STORED && (done[publish] ?? 0) <= by + raceMs;
}
