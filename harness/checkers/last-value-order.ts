import { NONE } from '../model/table.ts';
import { handovers, receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { lastValueNames } from './last-values.ts';
import { livedOn } from './lives.ts';
import { named } from './refusal.ts';
import { OPEN, settlements } from './settlements.ts';
import { SENT, storedRows } from './stored-rows.ts';
import { receiverAt, row, rows, type Trial } from './trial.ts';
import { violations } from './violation.ts';
import { wireRows } from './wire-rows.ts';

/**
 * A last value never goes back: no instance of an application is handed a state older than one of the same type and key that it
 * was handed before; and no sender's adapter stores an older one after a newer. It is put to the test by an older state that comes late.
 *
 * Relies on `planned.time`, `.type`, `.key`, `delivery` in the order of its times, `stored.sequence`, `send.status`, `.reason`, and
 * `wire` (publish: `.expected`) where there is a relay.
 */
export function judgeLastValues(trial: Trial, judgement: Judgement): void {
  judgeHanded(trial, judgement);
  judgeStored(trial, judgement);
  judgeGuarded(trial, judgement);
  const { send, texts } = trial.history;
  const superseded = texts.find('superseded');
  for (let at = 0; at < send.length; at++) {
    if (send.columns.status[at] !== 409 || send.columns.reason[at] !== superseded) continue;
    judgement.exercise();
    judgeSuperseded(trial, at, judgement);
  }
}

function judgeHanded(trial: Trial, judgement: Judgement): void {
  const { delivery, planned } = trial.history;
  const handed = handovers(trial);
  const width = trial.receivers.length;
  const { of } = lastValueNames(trial);
  // An adapter knows what it has handed over itself. Two instances of one application may overtake one another.
  const newest = new Map<string, number>();
  const instances = new Map<number, number>();
  for (const at of handed.rows) {
    const message = delivery.columns.message[at] ?? NONE;
    const receiver = handed.receiver[at] ?? width;
    if (message === NONE || receiver >= width) continue;
    const instance = delivery.columns.instance[at] ?? 0;
    if ((instances.get(receiver) ?? instance) !== instance) {
      judgement.note('instances of one application are judged apart: nothing keeps one from overtaking another');
    }
    instances.set(receiver, instance);
    const cell = `${of[message] ?? 0} ${receiver} ${instance}`;
    const before = newest.get(cell) ?? NONE;
    const time = planned.columns.time[message] ?? Number.NaN;
    const newestTime =
      before === NONE ? -Infinity : (planned.columns.time[delivery.columns.message[before] ?? 0] ?? Number.NaN);
    if (time < newestTime) {
      const application = receiverAt(trial, receiver);
      const { at: when } = delivery.columns;
      if (!livedOn(trial, application, instance, when[before] ?? 0, when[at] ?? 0)) {
        judgement.note('an adapter that was started again does not know what it handed over before');
        newest.set(cell, at);
        continue;
      }
      judgement.fail(() => ({
        application,
        expected: `nothing older than ${named(trial, delivery.columns.message[before] ?? NONE)} of the same type and key`,
        observed: `${named(trial, message)}, ${(newestTime - time).toFixed(0)} ms older, was handed over after it`,
        evidence: [row('delivery', before), row('delivery', at)],
      }));
    } else newest.set(cell, at);
  }
}

function judgeStored(trial: Trial, judgement: Judgement): void {
  const { planned, texts } = trial.history;
  const seen = storedRows(trial);
  const { valid } = violations(trial);
  const { end } = settlements(trial);
  const width = trial.receivers.length;
  const { of, count } = lastValueNames(trial);
  const newest = new Uint32Array(count).fill(NONE);
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (valid[message] !== 1) continue;
    const name = of[message] ?? 0;
    const before = newest[name] ?? NONE;
    const time = planned.columns.time[message] ?? Number.NaN;
    const newestTime = before === NONE ? -Infinity : (planned.columns.time[seen.message[before] ?? 0] ?? Number.NaN);
    const other = before === NONE ? undefined : stored(trial, before);
    // As new is not newer: of two events, that is, and not of one that comes again.
    const isOld = time < newestTime || (time === newestTime && other !== undefined && other !== stored(trial, place));
    if (!isOld) {
      newest[name] = place;
      continue;
    }
    for (const receiver of receiversIn(seen.entitled[place] ?? 0))
      if (end[place * width + receiver] !== OPEN) judgement.exercise();
    if (seen.origin[place] !== SENT) continue;
    judgement.fail(() => ({
      application: texts.at(planned.columns.application[message] ?? 0),
      expected: `${named(trial, message)} to be refused as superseded`,
      observed: `it was stored after a state of the same type and key that was ${time < newestTime ? 'newer' : 'as new'}`,
      evidence: rows(['stored', seen.rows[before]], ['stored', seen.rows[place]]),
    }));
  }
}

/** Between the reading of the last value and the publish another may come: only the bus can see to it that none does. */
function judgeGuarded(trial: Trial, judgement: Judgement): void {
  const { wire, texts } = trial.history;
  for (const [message, published] of wireRows(trial).publishes) {
    const unguarded = published.find((at) => wire.columns.expected[at] === NONE);
    if (unguarded === undefined) continue;
    judgement.fail(() => ({
      application: texts.at(wire.columns.application[unguarded] ?? 0),
      expected: `${named(trial, message)} to be published with Nats-Expected-Last-Subject-Sequence`,
      observed: 'it was published without: a newer value that comes between is written over',
      evidence: [row('wire', unguarded)],
    }));
  }
}

/** Text of the id of a stored message. */
const stored = (trial: Trial, place: number): number =>
  trial.history.stored.columns.id[storedRows(trial).rows[place] ?? 0] ?? 0;

/** What is refused as superseded is older than a state of the same type and key that was there, or as old. */
function judgeSuperseded(trial: Trial, at: number, judgement: Judgement): void {
  const { planned, send, texts } = trial.history;
  const seen = storedRows(trial);
  const { of } = lastValueNames(trial);
  const { time, subject } = planned.columns;
  const message = send.columns.message[at] ?? NONE;
  if (violations(trial).valid[message] !== 1) return;
  const like = (other: number): boolean =>
    of[other] === of[message] || (subject[other] !== 0 && subject[other] === subject[message]);
  for (let place = 0; place < seen.rows.length; place++) {
    const other = seen.message[place] ?? NONE;
    // Nor is it known what became of a publish that was repeated, once the event itself is there.
    if (other === NONE || other === message || (like(other) && (time[other] ?? 0) >= (time[message] ?? 0))) return;
  }
  judgement.lack(() => ({
    application: texts.at(planned.columns.application[message] ?? 0),
    expected: `${named(trial, message)} to be taken, since nothing as new of its type and key was there`,
    observed: 'it was refused as superseded',
    evidence: rows(['planned', message], ['send', at]),
  }));
}
