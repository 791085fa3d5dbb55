import { endWithinMs, leftRunning, unasked } from '../model/ending.ts';
import { NONE } from '../model/table.ts';
import { handovers, hasReceiver } from './handovers.ts';
import { mayHaveGivenUp, patienceMs, timeLimitMs } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { rowsOf, sortedRows } from './groups.ts';
import { crashed } from './lives.ts';
import { partakes } from './partaking.ts';
import { named } from './refusal.ts';
import { ACKED, settlementAt, settlements } from './settlements.ts';
import { sends } from './sends.ts';
import { storedRows, storedTime } from './stored-rows.ts';
import { graceMs, justBeforeMs, lagBetween, lateness } from './timing.ts';
import { isRequestReply, rows, type Trial } from './trial.ts';
import { ENDED, FAILED, isSuccess, OK, STOPPING } from './words.ts';

/** What an adapter may still take after it was told to end: what was on its way to it. */
const onItsWayMs = 300;
/** How much later than an instance's end the bus may tell of its last word. */
const toldLaterMs = 100;
/** An instance that was told to end, and did. Rows of `lifecycle`. */
interface Stop {
  readonly stopping: number;
  readonly ended: number;
  readonly application: string;
  readonly instance: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Told to end, an adapter takes no more, finishes what is in hand, and exits with 0 within 10 seconds; untold it does not end. Put to
 * the test by each instance of the flow's applications that was told to; of those on the way out, by each message in hand and each
 * that comes meanwhile, and by each that its application waits for an answer to.
 *
 * Relies on `lifecycle` (stopping, failed and ended: `.reason`), `delivery`, `stored`, `acknowledgement`, `send`, `lag`.
 */
export function judgeStops(trial: Trial, judgement: Judgement): void {
  const { lifecycle, texts } = trial.history;
  judgeDeaths(trial, judgement);
  for (const stop of stopsOf(trial)) {
    const reason = texts.at(lifecycle.columns.reason[stop.ended] ?? 0);
    if (reason === leftRunning) {
      judgement.note(`the adapter of ${stop.application} was not told to end`);
      continue;
    }
    judgement.exercise();
    judgeEnd(trial, stop, reason, judgement);
    judgeUnanswered(trial, stop, judgement);
    const receiver = trial.receivers.indexOf(stop.application);
    if (receiver < 0) continue;
    judgeInHand(trial, stop, receiver, judgement);
    if (trial.flow.stream !== undefined) judgeTaking(trial, stop, receiver, judgement);
  }
}

/** What ended by itself. One that was killed may have been so by the machine. */
function judgeDeaths(trial: Trial, judgement: Judgement): void {
  const { lifecycle, texts } = trial.history;
  const { application, change, reason, instance } = lifecycle.columns;
  for (let row = 0; row < lifecycle.length; row++) {
    const name = texts.at(application[row] ?? 0);
    const why = texts.at(reason[row] ?? 0);
    if (change[row] !== FAILED || !why.endsWith(unasked) || !partakes(trial, name)) continue;
    if (/SIGKILL/.test(why)) judgement.undecide(`instance ${instance[row] ?? 0} of ${name}: ${why}`);
    else
      judgement.fail(() => ({
        application: name,
        expected: `instance ${instance[row] ?? 0} of ${name} to run until it is told to end`,
        observed: why,
        evidence: rows(['lifecycle', row]),
      }));
  }
}

function stopsOf(trial: Trial): readonly Stop[] {
  const { lifecycle, texts } = trial.history;
  const { at, application, instance, change } = lifecycle.columns;
  const open = new Map<string, number>();
  const found: Stop[] = [];
  for (const row of sortedRows(at, () => true)) {
    const name = texts.at(application[row] ?? 0);
    const key = `${name} ${instance[row] ?? 0}`;
    if (change[row] === STOPPING) open.set(key, row);
    const stopping = open.get(key);
    if (change[row] !== ENDED || stopping === undefined) continue;
    open.delete(key);
    if (!partakes(trial, name)) continue;
    const times = { from: at[stopping] ?? 0, to: at[row] ?? 0 };
    found.push({ stopping, ended: row, application: name, instance: instance[row] ?? 0, ...times });
  }
  return found;
}

function judgeEnd(trial: Trial, stop: Stop, reason: string, judgement: Judgement): void {
  const { stopping, ended, application, instance, from, to } = stop;
  const describe = (observed: string) => () => ({
    application,
    expected: `instance ${instance} of ${application} to exit with 0 after SIGTERM, within ${endWithinMs} ms or the stopMs of its adapter.yaml, whichever is less`,
    observed,
    evidence: rows(['lifecycle', stopping], ['lifecycle', ended]),
  });
  if (reason !== '') {
    judgement.fail(describe(`it ${reason}`));
    return;
  }
  const said = lateness(trial, from, to, endWithinMs);
  if (said === 'late') judgement.fail(describe(`it took ${(to - from).toFixed(0)} ms`));
  if (said === 'cannot-say') judgement.lag(`the harness's timer lagged while ${application} ended`);
}

/** What its application had sent before is answered, whatever came of it. */
function judgeUnanswered(trial: Trial, stop: Stop, judgement: Judgement): void {
  const { at, done, message, application, instance, status } = trial.history.send.columns;
  for (let own = 0; own < trial.history.send.length; own++) {
    const of = message[own] ?? NONE;
    if (trial.history.texts.at(application[own] ?? 0) !== stop.application || instance[own] !== stop.instance) continue;
    // One that was on its way to it may not have reached it.
    const isOpen = (at[own] ?? 0) <= stop.from - onItsWayMs && (done[own] ?? 0) > stop.from;
    if (!isOpen || of === NONE) continue;
    judgement.exercise();
    const said = status[own] ?? 0;
    if (said !== 0 && !(said >= 500 && wasReplied(trial, of))) continue;
    judgement.fail(() => ({
      application: stop.application,
      expected: `instance ${stop.instance} of ${stop.application} to answer its application about ${named(trial, of)}, which it had in hand at SIGTERM`,
      observed:
        said === 0 ? 'it left, and its application heard nothing' : `${said}, though the reply was given in time`,
      evidence: rows(['send', own], ['lifecycle', stop.stopping], ['lifecycle', stop.ended]),
    }));
  }
}

/** Whether the application that a request is for has given its reply in time. */
function wasReplied(trial: Trial, message: number): boolean {
  if (!isRequestReply(trial)) return false;
  const { done, outcome, status } = trial.history.delivery.columns;
  const deadline = trial.history.planned.columns.expires[message] ?? Number.NaN;
  return [...rowsOf(handovers(trial).byMessage, message)].some(
    (row) => outcome[row] === OK && isSuccess(status[row] ?? 0) && (done[row] ?? 0) < deadline - graceMs(deadline),
  );
}

/** What its application was asked before, and had not answered yet, is finished: the answer is told to the bus. */
function judgeInHand(trial: Trial, stop: Stop, receiver: number, judgement: Judgement): void {
  const { at, done, message, instance, outcome, status } = trial.history.delivery.columns;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  const { end } = settlements(trial);
  const limitMs = timeLimitMs(trial);
  const sureMs = patienceMs(trial);
  for (const own of handed.rows) {
    const of = message[own] ?? NONE;
    const [asked, answered] = [at[own] ?? 0, done[own] ?? 0];
    if (handed.receiver[own] !== receiver || instance[own] !== stop.instance || of === NONE) continue;
    if (asked >= stop.from || answered <= stop.from || answered - asked >= sureMs) continue;
    // What it was asked in a life that a crash has ended is not in the hands of this one.
    if (crashed(trial, stop.application, asked, stop.from, stop.instance)) continue;
    judgement.exercise();
    const heard = outcome[own] === OK;
    if (heard && !isSuccess(status[own] ?? 0)) continue;
    // What the harness read late happened sooner than it seems.
    const lagMs = lagBetween(trial, Math.max(0, asked - justBeforeMs), stop.to).worstMs;
    const settled = isRequestReply(trial)
      ? rowsOf(sends(trial).byMessage, of).some((asker) => isSuccess(trial.history.send.columns.status[asker] ?? 0))
      : rowsOf(seen.byMessage, of).some((place) => {
          const cell = place * trial.receivers.length + receiver;
          return end[cell] === ACKED && (settlementAt(trial, cell)?.at ?? Infinity) <= stop.to + toldLaterMs + lagMs;
        });
    if (heard && settled) continue;
    const waitedMs = stop.to - asked + lagMs;
    if (heard ? lagMs >= limitMs / 2 || mayHaveGivenUp(trial, own, stop.to + toldLaterMs) : waitedMs >= sureMs) {
      judgement.lag(`the harness's timer lagged while ${stop.application} had ${named(trial, of)} in hand`);
      continue;
    }
    judgement.fail(() => ({
      application: stop.application,
      expected: `instance ${stop.instance} of ${stop.application} to finish ${named(trial, of)}, which it had in hand at SIGTERM`,
      observed: heard ? 'its application took it, and nobody was told' : 'it left before its application had answered',
      evidence: rows(['lifecycle', stop.stopping], ['delivery', own], ['lifecycle', stop.ended]),
    }));
  }
}

/** What comes onto the bus after that is not taken any more. */
function judgeTaking(trial: Trial, stop: Stop, receiver: number, judgement: Judgement): void {
  const { at, message, instance } = trial.history.delivery.columns;
  const seen = storedRows(trial);
  const handed = handovers(trial);
  const late = new Set<number>();
  for (let place = 0; place < seen.rows.length; place++) {
    const when = storedTime(trial, place);
    if (when <= stop.from + onItsWayMs || when >= stop.to || !hasReceiver(seen.entitled[place] ?? 0, receiver))
      continue;
    late.add(seen.message[place] ?? NONE);
  }
  late.delete(NONE);
  judgement.exercise(late.size);
  for (const own of handed.rows) {
    const asked = at[own] ?? 0;
    if (handed.receiver[own] !== receiver || instance[own] !== stop.instance || !late.has(message[own] ?? NONE))
      continue;
    if (asked >= stop.to) continue;
    // One that the machine kept from running hears of it as late as what it takes.
    const lagMs = lagBetween(trial, stop.from, asked).worstMs;
    if (asked - stop.from <= onItsWayMs + graceMs(onItsWayMs) + lagMs) continue;
    judgement.fail(() => ({
      application: stop.application,
      expected: `instance ${stop.instance} of ${stop.application} to take nothing more after SIGTERM`,
      observed: `it took ${named(trial, message[own] ?? NONE)}, which came ${(asked - stop.from).toFixed(0)} ms after`,
      evidence: rows(['lifecycle', stop.stopping], ['delivery', own], ['lifecycle', stop.ended]),
    }));
  }
}
