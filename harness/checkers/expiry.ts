import { tableShapes } from '../model/history.ts';
import { codeOf, NONE } from '../model/table.ts';
import { rowsOf } from './groups.ts';
import { handovers, receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { startOf } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { ACKED, OPEN, settlementAt, settlements } from './settlements.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { lagBetween, toleranceMs } from './timing.ts';
import { isRequestReply, receiverAt, receiverPlaces, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';

/** Time between an adapter's look at the clock and the application's: what expires in between may be handed over. */
export const handingMs = 50;

const SETTLED = codeOf(tableShapes.audit.change, 'settled');
const HOW_EXPIRED = codeOf(tableShapes.audit.how, 'expired');

/**
 * Nothing past its expiry is handed over, nothing is called expired before, and every expiry is on record: an audit
 * settlement `expired`, for request-reply the answering adapter's notice.
 *
 * Relies on `planned.expires`, `delivery.lateMs`, `.at`, `lag`, `acknowledgement` (term `expired`), `audit`, `notice`, `injection`.
 */
export function judgeExpiry(trial: Trial, judgement: Judgement): void {
  judgeStale(trial, judgement);
  if (isRequestReply(trial)) judgeNoticed(trial, judgement);
  else judgeRecorded(trial, judgement);
}

function judgeStale(trial: Trial, judgement: Judgement): void {
  const { delivery, planned, texts } = trial.history;
  for (const at of handovers(trial).rows) {
    const message = delivery.columns.message[at] ?? NONE;
    const expires = planned.columns.expires[message] ?? Number.NaN;
    const handedAt = delivery.columns.at[at] ?? 0;
    const late = Math.max(handedAt - expires, delivery.columns.lateMs[at] ?? 0);
    if (!(late > handingMs)) continue;
    judgement.exercise();
    // No lag of the harness explains a look at what was past its expiry before anybody could look.
    const certain = expires + toleranceMs < firstLook(trial, at, message);
    if (!certain && lagBetween(trial, Math.max(0, handedAt - late), handedAt).sumMs + handingMs >= late) {
      judgement.lag(`the harness's timer lagged when ${named(trial, message)} was handed over past its expiry`);
      continue;
    }
    judgement.fail(() => ({
      application: texts.at(delivery.columns.application[at] ?? 0),
      expected: `${named(trial, message)} not to be handed over once it has expired`,
      observed: `it was handed over ${late.toFixed(0)} ms past its expiry`,
      evidence: rows(['planned', message], ['delivery', at]),
    }));
  }
}

/** The earliest moment at which the adapter that handed a message over can have looked at it: it was there, and so was the message. */
function firstLook(trial: Trial, handed: number, message: number): number {
  const { delivery, texts } = trial.history;
  const { application, instance, at } = delivery.columns;
  const began = startOf(trial, texts.at(application[handed] ?? 0), instance[handed] ?? 0, at[handed] ?? 0);
  const stored = [...rowsOf(storedRows(trial).byMessage, message)].map((place) => storedTime(trial, place));
  return Math.max(began, stored.length === 0 ? 0 : Math.min(...stored));
}

/** Cells (stored place and receiver) that the audit trail has as expired. */
const recordedExpiries = memo((trial: Trial): ReadonlySet<number> => {
  const { audit } = trial.history;
  const { change, how, stream, streamSequence, application } = audit.columns;
  const found = new Set<number>();
  const places = receiverPlaces(trial);
  for (let at = 0; at < audit.length; at++) {
    if (change[at] !== SETTLED || how[at] !== HOW_EXPIRED || stream[at] !== trial.streamText) continue;
    const receiver = places.get(application[at] ?? 0);
    const place = storedRows(trial).placeOf(streamSequence[at] ?? 0);
    if (receiver !== undefined && place !== NONE) found.add(place * trial.receivers.length + receiver);
  }
  return found;
});

function judgeRecorded(trial: Trial, judgement: Judgement): void {
  const { planned } = trial.history;
  const seen = storedRows(trial);
  const { end } = settlements(trial);
  const { first } = handovers(trial);
  const { valid } = violations(trial);
  const width = trial.receivers.length;
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    const expires = planned.columns.expires[message] ?? Number.NaN;
    if (valid[message] !== 1 || Number.isNaN(expires)) continue;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const cell = place * width + receiver;
      if (end[cell] === OPEN) continue;
      const settled = settlementAt(trial, cell);
      if (settled === undefined) continue;
      const application = receiverAt(trial, receiver);
      const evidence = [...rows(['planned', message], ['stored', seen.rows[place]]), settled.evidence];
      if (settled.reason === 'expired' && settled.at < expires - toleranceMs) {
        judgement.fail(() => ({
          application,
          expected: `${named(trial, message)} to be handed over until it expires`,
          observed: `it was ended as expired ${(expires - settled.at).toFixed(0)} ms before`,
          evidence,
        }));
        continue;
      }
      const silent =
        end[cell] === ACKED && settled.at > expires + handingMs && first[message * width + receiver] === NONE;
      if (settled.reason !== 'expired' && !silent) continue;
      judgement.exercise();
      if (recordedExpiries(trial).has(cell)) continue;
      judgement.lack(() => ({
        application,
        expected: `an audit record that ${named(trial, message)} expired for ${application}`,
        observed: silent ? 'it was acknowledged without having been handed over' : 'there is none',
        evidence,
      }));
    }
  }
}

/** Requests that were past their deadline before they were asked, or were put on the bus so. */
function judgeNoticed(trial: Trial, judgement: Judgement): void {
  const { injection, notice, planned, texts } = trial.history;
  const expired = texts.find('expired');
  const noticed = new Set<number>();
  for (let at = 0; at < notice.length; at++) {
    if (notice.columns.reason[at] !== expired) continue;
    const message = notice.columns.message[at] ?? NONE;
    noticed.add(message);
    const early = (planned.columns.expires[message] ?? Number.NaN) - (notice.columns.at[at] ?? 0);
    if (!(early > toleranceMs) || violations(trial).valid[message] !== 1) continue;
    judgement.fail(() => ({
      application: texts.at(notice.columns.application[at] ?? 0),
      expected: `${named(trial, message)} to be handed over until it expires`,
      observed: `it was called expired ${early.toFixed(0)} ms before`,
      evidence: [row('planned', message), row('notice', at)],
    }));
  }
  for (let at = 0; at < injection.length; at++) {
    const message = injection.columns.message[at] ?? NONE;
    const expires = planned.columns.expires[message] ?? Number.NaN;
    if (
      injection.columns.what[at] !== codeOf(tableShapes.injection.what, 'event') ||
      violations(trial).valid[message] !== 1
    )
      continue;
    if (!((injection.columns.at[at] ?? 0) > expires)) continue;
    judgement.exercise();
    if (noticed.has(message)) continue;
    judgement.lack(() => ({
      expected: `a notice "expired" of ${named(trial, message)} by the answering adapter`,
      observed: 'there is none',
      evidence: [row('planned', message), row('injection', at)],
    }));
  }
}
