import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { receiverPlaces, row, rows, type Trial } from './trial.ts';
import { isSuccess, OK, YES } from './words.ts';

/** Pairs (message and receiver) of which the bus delivered one stored copy more than once. */
const redelivered = memo((trial: Trial): Uint8Array => {
  const { acknowledgement, planned } = trial.history;
  const { stream, sequence, deliveries, consumer, application } = acknowledgement.columns;
  const seen = storedRows(trial);
  const places = receiverPlaces(trial);
  const width = trial.receivers.length;
  const found = new Uint8Array(planned.length * width);
  for (let at = 0; at < acknowledgement.length; at++) {
    if ((deliveries[at] ?? 0) < 2 || stream[at] !== trial.streamText) continue;
    const receiver = places.get(consumer[at] ?? 0) ?? places.get(application[at] ?? 0);
    const message = seen.message[seen.placeOf(sequence[at] ?? 0)] ?? NONE;
    if (receiver !== undefined && message !== NONE) found[message * width + receiver] = 1;
  }
  return found;
});

/**
 * One effect of a message on an application; and while an adapter's instance lives, one id is not handed over again after the
 * application took it, nor twice at once. Put to the test by a redelivery, or by a second stored copy.
 *
 * An answer that took longer than the adapter may wait (half the ack wait) may not have been heard: it is no 2xx to the adapter.
 *
 * Relies on `delivery.effect`, `.at`, `.done`, `.status`, `.outcome`, `.instance`, `lifecycle`, `acknowledgement.deliveries`, `stored`.
 */
export function judgeEffects(trial: Trial, judgement: Judgement): void {
  const { planned } = trial.history;
  const handed = handovers(trial);
  const seen = storedRows(trial);
  const width = trial.receivers.length;
  for (let message = 0; message < planned.length; message++) {
    if (sizeOf(handed.byMessage, message) === 0) continue;
    for (let receiver = 0; receiver < width; receiver++) {
      const pair = message * width + receiver;
      const times = handed.count[pair] ?? 0;
      if (times === 0) continue;
      if (times > 1 || redelivered(trial)[pair] === 1 || sizeOf(seen.byMessage, message) > 1) judgement.exercise();
      if (times === 1) continue;
      const own = [...rowsOf(handed.byMessage, message)].filter((at) => handed.receiver[at] === receiver);
      judgePair(trial, message, receiver, own, judgement);
    }
  }
}

function judgePair(
  trial: Trial,
  message: number,
  receiver: number,
  own: readonly number[],
  judgement: Judgement,
): void {
  const { effect, at: began, instance } = trial.history.delivery.columns;
  const application = trial.receivers[receiver] ?? '';
  const effects = own.filter((at) => effect[at] === YES);
  if (effects.length > 1) {
    judgement.fail(() => ({
      application,
      expected: `one effect of ${named(trial, message)}`,
      observed: `${effects.length} effects`,
      evidence: rows(...effects.slice(0, 2).map((at) => ['delivery', at] as const)),
    }));
  }
  for (const [index, at] of own.entries()) {
    const before = own
      .slice(0, index)
      .find(
        (other) =>
          instance[other] === instance[at] &&
          (heardAccepted(trial, other, began[at] ?? 0) || atOnce(trial, other, began[at] ?? 0)) &&
          livedOn(trial, application, instance[at] ?? 0, began[other] ?? 0, began[at] ?? 0),
      );
    if (before === undefined) continue;
    const once = atOnce(trial, before, began[at] ?? 0);
    judgement.fail(() => ({
      application,
      expected: `one adapter not to hand over ${named(trial, message)} ${once ? 'twice at once' : 'again after a 2xx'}`,
      observed: 'it did',
      evidence: [row('delivery', before), row('delivery', at)],
    }));
    return;
  }
}

/** How long an adapter waits for its application's answer for sure: half the ack wait, less a tenth for what the way takes. */
const patienceMs = (trial: Trial): number => ((trial.flow.ackWaitMs ?? Infinity) / 2) * 0.9;

/** Whether an adapter heard in time, and by a moment, that its application took what it handed over. */
export function heardAccepted(trial: Trial, before: number, by: number): boolean {
  const { at, done, status, outcome } = trial.history.delivery.columns;
  const ended = done[before] ?? 0;
  if (outcome[before] !== OK || !isSuccess(status[before] ?? 0) || ended > by) return false;
  return ended - (at[before] ?? 0) < patienceMs(trial);
}

function atOnce(trial: Trial, before: number, by: number): boolean {
  const { at, done } = trial.history.delivery.columns;
  return (done[before] ?? 0) > by + toleranceMs && by - (at[before] ?? 0) < patienceMs(trial);
}
