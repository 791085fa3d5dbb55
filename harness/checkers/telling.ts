import { NONE } from '../model/table.ts';
import { handovers, receiversIn } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { named } from './refusal.ts';
import { OPEN, settlementAt, settlements, TERMED } from './settlements.ts';
import { storedRows } from './stored-rows.ts';
import { raceMs } from './timing.ts';
import { receiverAt, row, rows, type Trial } from './trial.ts';
import { isBrokenBundle, isBrokenInStore, violations } from './violation.ts';

/**
 * Before a receiver gives up a message that its flow has refused, it tells the sender by a refusal on the channel for receipts: a
 * bundle whose contents are wrong always, what is invalid or rejected where the policy for bad input is `refuse`; and nothing
 * else is refused so. Of an invalid message nobody can say whether a refusal can be made.
 *
 * Relies on `stored` of the receipts' stream (`.type`, `.id`, `.source`, `.storedAt`), `acknowledgement` (term: `.reason`),
 * `planned.violation`, `delivery.status`.
 */
export function judgeTelling(trial: Trial, judgement: Judgement): void {
  const { flow, history, receivers } = trial;
  const told = refusalsOf(trial);
  if (told === undefined) return;
  const seen = storedRows(trial);
  const { end, exhausted } = settlements(trial);
  const { valid } = violations(trial);
  const { planned, texts, stored } = history;
  const due = new Set<number>();
  for (let place = 0; place < seen.rows.length; place++) {
    const message = seen.message[place] ?? NONE;
    if (message === NONE) continue;
    for (const receiver of receiversIn(seen.entitled[place] ?? 0)) {
      const cell = place * receivers.length + receiver;
      const settled = end[cell] === TERMED ? settlementAt(trial, cell) : undefined;
      const pair = message * receivers.length + receiver;
      const reason = settled?.reason ?? '';
      if (mayRefuse(trial, message, receiver)) due.add(pair);
      const mustBe = isTold(trial, reason) && (valid[message] === 1 || isBrokenBundle(trial, message));
      if (isBrokenInStore(trial, message) && end[cell] === OPEN && exhausted[cell] !== NONE) {
        judgement.fail(() => ({
          application: receiverAt(trial, receiver),
          expected: `${named(trial, message)} to be given up as "content" at its first delivery, and a ${flow.refusal ?? 'refusal'} before`,
          observed: 'its adapter had it delivered again until its attempts were used up',
          evidence: rows(['stored', seen.rows[place]], ['advisory', exhausted[cell]]),
        }));
      }
      if (settled === undefined || !mustBe) continue;
      judgement.exercise();
      const refusal = told(message, receiver);
      const at = refusal === undefined ? Infinity : (stored.columns.storedAt[refusal] ?? 0);
      if (at <= settled.at + raceMs) continue;
      judgement.lack(() => ({
        application: receiverAt(trial, receiver),
        expected: `a ${flow.refusal ?? 'refusal'} of ${named(trial, message)} before it is given up as "${reason}"`,
        observed: refusal === undefined ? 'there is none' : `it came ${(at - settled.at).toFixed(0)} ms after`,
        evidence: [...rows(['stored', seen.rows[place]], ['stored', refusal]), settled.evidence],
      }));
    }
  }
  for (let message = 0; message < planned.length; message++) {
    if (planned.columns.flow[message] !== trial.flowText) continue;
    for (const [receiver, application] of receivers.entries()) {
      const refusal = told(message, receiver);
      // Messages with one id have one refusal.
      if (refusal === undefined || namesakes(trial, message).some((one) => due.has(one * receivers.length + receiver)))
        continue;
      judgement.fail(() => ({
        application,
        expected: `no refusal of ${named(trial, message)}: its flow's policy for bad input is ${flow.badInput}`,
        observed: `its adapter sent a ${texts.at(stored.columns.type[refusal] ?? 0)}`,
        evidence: [row('planned', message), row('stored', refusal)],
      }));
    }
  }
}

/** Whether a message that is given up for the reason is told to its sender. */
function isTold({ flow }: Trial, reason: string): boolean {
  if (reason === 'content') return flow.pattern === 'claim-check';
  return flow.badInput === 'refuse' && (reason === 'invalid' || reason === 'rejected');
}

/** Whether anything happened for which the receiver had to refuse the message, given up in the end or not. */
function mayRefuse(trial: Trial, message: number, receiver: number): boolean {
  if (isBrokenBundle(trial, message)) return true;
  if (trial.flow.badInput !== 'refuse') return false;
  const rejected = handovers(trial).rejected[message * trial.receivers.length + receiver] !== NONE;
  return rejected || violations(trial).valid[message] !== 1;
}

/** Planned messages of the flow with the id of one, whatever their source. */
function namesakes({ history: { planned }, flowText }: Trial, message: number): readonly number[] {
  const { id, flow } = planned.columns;
  return [...id.keys()].filter((other) => flow[other] === flowText && id[other] === id[message]);
}

/** The first refusal that a receiver's adapter made of a message, as a row of `stored`; undefined for a flow that has none to make. */
function refusalsOf(trial: Trial): ((message: number, receiver: number) => number | undefined) | undefined {
  const { flow, service, history } = trial;
  const stream = service.flows.find((other) => other.channel === flow.receipts)?.stream;
  if (flow.refusal === undefined || stream === undefined) return undefined;
  const { texts, stored, planned } = history;
  const { columns } = stored;
  const [streamText, type] = [texts.find(stream), texts.find(flow.refusal)];
  const found = new Map<string, number>();
  for (let at = 0; at < stored.length; at++) {
    if (columns.stream[at] !== streamText || columns.type[at] !== type || columns.message[at] !== NONE) continue;
    const name = `${texts.at(columns.source[at] ?? 0)} ${texts.at(columns.id[at] ?? 0)}`;
    if (!found.has(name)) found.set(name, at);
  }
  return (message, receiver) => {
    const id = texts.at(planned.columns.id[message] ?? 0);
    return found.get(`urn:application:${receiverAt(trial, receiver)} ${id}-refused`);
  };
}
