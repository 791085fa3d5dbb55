import { isKept } from '../model/dead-letter.ts';
import { NONE } from '../model/table.ts';
import { wasAccepted } from './excuse.ts';
import { rowsOf } from './groups.ts';
import { handovers, receiversIn } from './handovers.ts';
import { gaveUpPerhaps, heardBy } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { ACKED, OPEN, settlementAt, settlements, TERMED } from './settlements.ts';
import { REPLAYED, storedRows, storedTime } from './stored-rows.ts';
import { raceMs } from './timing.ts';
import { receiverAt, receiverPlaces, row, rows, type Trial } from './trial.ts';
import { NO } from './words.ts';

export interface DeadLetters {
  /** By cell (stored place * receivers + receiver): first row of `deadLetter`, NONE; and how many. */
  readonly first: Uint32Array;
  readonly count: Uint32Array;
  /** Dead letters of what was never stored, or for no receiver. */
  readonly strange: readonly number[];
}

/** Relies on `deadLetter.stream`, `.streamSequence`, `.application`. */
export const deadLetters = memo((trial: Trial): DeadLetters => {
  const { deadLetter } = trial.history;
  const seen = storedRows(trial);
  const places = receiverPlaces(trial);
  const width = trial.receivers.length;
  const first = new Uint32Array(seen.rows.length * width).fill(NONE);
  const count = new Uint32Array(seen.rows.length * width);
  const strange: number[] = [];
  for (let at = 0; at < deadLetter.length; at++) {
    if (deadLetter.columns.stream[at] !== trial.streamText) continue;
    const place = seen.placeOf(deadLetter.columns.streamSequence[at] ?? 0);
    const receiver = places.get(deadLetter.columns.application[at] ?? 0);
    if (place === NONE || receiver === undefined) {
      strange.push(at);
      continue;
    }
    const cell = place * width + receiver;
    if (first[cell] === NONE) first[cell] = at;
    count[cell] = (count[cell] ?? 0) + 1;
  }
  return { first, count, strange };
});

/** Why a message had to become a dead letter for a receiver: the reason of its termination, or `exhausted`; undefined where it had not. */
export function giveUpReason(trial: Trial, cell: number): string | undefined {
  const { end, exhausted } = settlements(trial);
  if (end[cell] === TERMED) {
    const reason = settlementAt(trial, cell)?.reason ?? '';
    return reason === 'expired' ? undefined : reason;
  }
  return end[cell] === OPEN && exhausted[cell] !== NONE ? 'exhausted' : undefined;
}

/**
 * Every termination but `expired`, and every exhaustion, has one dead letter, with its reason, its attempts and the original;
 * and there is none of anything else, nor of what the flow's policy for bad input is not to keep.
 *
 * Relies on `acknowledgement` (verb, reason, deliveries), `advisory` (max-deliver), `deadLetter`, `delivery.status`, `lifecycle`.
 */
export function judgeDeadLetters(trial: Trial, judgement: Judgement): void {
  const { deadLetter, texts } = trial.history;
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  const kept = deadLetters(trial);
  const keeps = trial.flow.badInput === 'dead-letter';
  const { end, exhausted } = settlements(trial);
  for (let cell = 0; cell < end.length; cell++) {
    const times = kept.count[cell] ?? 0;
    if (end[cell] === ACKED && times === 0) continue;
    const reason = giveUpReason(trial, cell);
    if (reason === undefined && times === 0) continue;
    const place = Math.floor(cell / width);
    const message = seen.message[place] ?? NONE;
    const application = receiverAt(trial, cell % width);
    const settled = settlementAt(trial, cell);
    const evidence = [
      ...rows(['stored', seen.rows[place]], ['advisory', settled === undefined ? exhausted[cell] : NONE]),
      ...(settled === undefined ? [] : [settled.evidence]),
      ...rows(['deadLetter', kept.first[cell]]),
    ];
    if (times > 1) {
      judgement.fail(() => ({
        application,
        expected: `one dead letter of ${named(trial, message)}`,
        observed: `${times}`,
        evidence,
      }));
    }
    if (reason === undefined) {
      if (raced(trial, cell)) continue;
      if (end[cell] === OPEN && texts.at(deadLetter.columns.reason[kept.first[cell] ?? 0] ?? 0) === 'exhausted')
        continue;
      judgement.fail(() => ({
        application,
        expected: `no dead letter of ${named(trial, message)}`,
        observed: `there is one, though it was ${end[cell] === ACKED ? 'acknowledged' : end[cell] === OPEN ? 'not given up' : 'expired'}`,
        evidence,
      }));
      continue;
    }
    judgement.exercise();
    if (!isKept(trial.flow, reason)) {
      if (times === 0) continue;
      judgement.fail(() => ({
        application,
        expected: `no dead letter of ${named(trial, message)}, given up (${reason}): its flow's policy is ${trial.flow.badInput}`,
        observed: 'there is one',
        evidence,
      }));
    } else if (times === 0) {
      judgement.lack(() => ({
        application,
        expected: `a dead letter of ${named(trial, message)} with the reason "${reason}"`,
        observed: 'there is none',
        evidence,
      }));
    } else judgeLetter(trial, cell, reason, judgement);
  }
  for (const at of kept.strange) {
    judgement.lack(() => ({
      application: texts.at(deadLetter.columns.application[at] ?? 0),
      expected: 'dead letters of stored messages, for their subscribers',
      observed: `one of sequence ${deadLetter.columns.streamSequence[at] ?? 0}, which was not stored or is not theirs`,
      evidence: [row('deadLetter', at)],
    }));
  }
  judgeRefused(trial, keeps, judgement);
}

/** Whether an acknowledgement and the last attempt's end came so close that either may have been first. */
export function raced(trial: Trial, cell: number): boolean {
  const { end, exhausted } = settlements(trial);
  const advisory = exhausted[cell] ?? NONE;
  if (end[cell] !== ACKED || advisory === NONE) return false;
  return (settlementAt(trial, cell)?.at ?? 0) > (trial.history.advisory.columns.at[advisory] ?? 0) - raceMs;
}

function judgeLetter(trial: Trial, cell: number, reason: string, judgement: Judgement): void {
  const { advisory, deadLetter, stored, texts } = trial.history;
  const seen = storedRows(trial);
  const at = deadLetters(trial).first[cell] ?? NONE;
  const original = seen.rows[Math.floor(cell / trial.receivers.length)] ?? 0;
  const letter = deadLetter.columns;
  const settled = settlementAt(trial, cell);
  const told = settlements(trial).exhausted[cell] ?? NONE;
  const deliveries = settled?.deliveries ?? (told === NONE ? 0 : (advisory.columns.deliveries[told] ?? 0));
  const attempts = deliveries === 0 ? trial.flow.attempts : deliveries;
  const wrong: string[] = [];
  const given = texts.at(letter.reason[at] ?? 0);
  if (given === '') wrong.push('no reason');
  else if (reason !== '' && given !== reason) wrong.push(`the reason "${given}" and not "${reason}"`);
  if (letter.attempts[at] !== attempts) wrong.push(`${letter.attempts[at] ?? 0} attempts and not ${attempts}`);
  if (letter.id[at] !== stored.columns.id[original] || letter.source[at] !== stored.columns.source[original]) {
    wrong.push(`the id ${texts.at(letter.id[at] ?? 0)} and not ${texts.at(stored.columns.id[original] ?? 0)}`);
  }
  // A message that was changed before it was stored is not the router's doing.
  if (letter.bodyIntact[at] === NO && stored.columns.bodyIntact[original] !== NO) wrong.push('another body');
  if (letter.headersIntact[at] === NO && stored.columns.headersIntact[original] !== NO) wrong.push('other headers');
  if (wrong.length === 0) return;
  judgement.fail(() => ({
    application: receiverAt(trial, cell % trial.receivers.length),
    expected: 'a dead letter with the reason, the attempts and the original',
    observed: `it has ${wrong.join(', ')}`,
    evidence: [...rows(['stored', original], ['deadLetter', at]), ...(settled === undefined ? [] : [settled.evidence])],
  }));
}

/** What an application refused for good is neither acknowledged nor handed over again. */
function judgeRefused(trial: Trial, keeps: boolean, judgement: Judgement): void {
  const { delivery } = trial.history;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  const { end } = settlements(trial);
  const width = trial.receivers.length;
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (message === NONE || seen.origin[place] === REPLAYED) continue;
    const copies = [...rowsOf(seen.byMessage, message)];
    const putBack = copies.filter((copy) => seen.origin[copy] === REPLAYED).map((copy) => storedTime(trial, copy));
    if (copies.length - putBack.length > 1) continue;
    // A dead letter that is put back is handed over again.
    const until = Math.min(Infinity, ...putBack) - raceMs;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const pair = message * width + receiver;
      const refused = handed.rejected[pair] ?? NONE;
      if (refused === NONE) continue;
      const application = receiverAt(trial, receiver);
      const settled = settlementAt(trial, place * width + receiver);
      const describe = (observed: string, second: number | undefined) => () => ({
        application,
        expected: `${named(trial, message)}, which the application refused, to be ended as rejected${keeps ? ' and kept as a dead letter' : ''}`,
        observed,
        evidence: [
          ...rows(['delivery', refused], ['delivery', second]),
          ...(settled === undefined ? [] : [settled.evidence]),
        ],
      });
      const again = rowsOf(handed.byMessage, message).find(
        (at) =>
          handed.receiver[at] === receiver &&
          (delivery.columns.at[at] ?? 0) > (delivery.columns.done[refused] ?? 0) &&
          (delivery.columns.at[at] ?? 0) < until,
      );
      const instance = delivery.columns.instance[refused] ?? 0;
      const from = delivery.columns.at[refused] ?? 0;
      const by = delivery.columns.at[again ?? 0] ?? 0;
      if (again !== undefined && livedOn(trial, application, instance, from, by)) {
        const heard = heardBy(trial, refused, by);
        if (heard === 'yes') judgement.fail(describe('it was handed over again', again));
        else if (heard === 'cannot-say') judgement.lag(gaveUpPerhaps(trial, application, message));
      } else if (end[place * width + receiver] === ACKED && !wasAccepted(trial, message, receiver)) {
        judgement.fail(describe('it was acknowledged', undefined));
      }
    }
  }
}
