import { NONE } from '../model/table.ts';
import { rowsOf, sizeOf } from './groups.ts';
import { handovers } from './handovers.ts';
import { gaveUpPerhaps, heardBy, mayHaveGivenUp, patienceMs } from './heard.ts';
import type { Judgement } from './judgement.ts';
import { livedOn } from './lives.ts';
import { memo } from './memo.ts';
import { named } from './refusal.ts';
import { storedRows } from './stored-rows.ts';
import { toleranceMs } from './timing.ts';
import { receiverAt, receiverPlaces, row, rows, type Trial } from './trial.ts';
import { isSuccess, YES } from './words.ts';

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
 * An answer that took longer than the adapter may wait (half the ack wait) may not have been heard: it is no 2xx to the adapter. Nor
 * can it be said of one that the adapter gave back after that time.
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
  const application = receiverAt(trial, receiver);
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
    const found = own
      .slice(0, index)
      .filter(
        (other) =>
          instance[other] === instance[at] &&
          livedOn(trial, application, instance[at] ?? 0, began[other] ?? 0, began[at] ?? 0),
      )
      .map((other) => ({ other, ...handedAgain(trial, other, began[at] ?? 0) }));
    const sure = found.find(({ said }) => said === 'yes');
    if (sure !== undefined) {
      judgement.fail(() => ({
        application,
        expected: `one adapter not to hand over ${named(trial, message)} ${sure.how}`,
        observed: 'it did',
        evidence: [row('delivery', sure.other), row('delivery', at)],
      }));
      return;
    }
    if (found.some(({ said }) => said === 'cannot-say')) judgement.lag(gaveUpPerhaps(trial, application, message));
  }
}

/** Whether an adapter that handed over anew at a moment had heard that its application took it before, or was still waiting to hear. */
function handedAgain(
  trial: Trial,
  before: number,
  by: number,
): { readonly said: 'yes' | 'no' | 'cannot-say'; readonly how: string } {
  const { at, done, status } = trial.history.delivery.columns;
  if ((done[before] ?? 0) > by + toleranceMs) {
    const waited = by - (at[before] ?? 0) < patienceMs(trial);
    const said = !waited ? 'no' : mayHaveGivenUp(trial, before, by) ? 'cannot-say' : 'yes';
    return { said, how: 'twice at once' };
  }
  const said = isSuccess(status[before] ?? 0) ? heardBy(trial, before, by) : 'no';
  return { said, how: 'again after a 2xx' };
}
