import type { Flow } from '../model/flow.ts';
import { latestStartMs } from '../model/load.ts';
import { NONE } from '../model/table.ts';
import type { Arrival } from '../model/workload.ts';
import { delay } from './clock.ts';
import type { Sender } from './sender.ts';
import { problem, type TrialState } from './trial-state.ts';

/**
 * Sends each arrival at its time, and does not wait for any: what the adapters and the bus take too long over comes on top of the
 * latency of what follows. The generator's own lateness is journalled apart. Where order matters an application sends one event of a
 * key at a time, and that wait is the adapter's.
 */
export async function performOpenLoop(
  { state, sender }: { readonly state: TrialState; readonly sender: Sender },
  arrivals: readonly Arrival[],
): Promise<void> {
  const { clock, history, signal } = state;
  const began = clock.now();
  if (began > latestStartMs) {
    problem(
      state,
      'open loop',
      `it began ${began.toFixed(0)} ms after its trial, when its messages were no longer new`,
    );
  }
  const sending: Promise<void>[] = [];
  const turns = new Map<string, Promise<void>>();
  for (const { atMs, phase, message } of arrivals) {
    const intended = began + atMs;
    while (clock.now() < intended && !signal.aborted) await delay(intended - clock.now(), signal);
    if (signal.aborted) break;
    history.append('arrival', { at: clock.now(), intended, message: message ?? NONE, phase });
    if (message === undefined) continue;
    const key = turnOf(state, message);
    const before = key === undefined ? undefined : turns.get(key);
    const send = (): Promise<void> => sender.send(message, intended, {});
    const sent = (before === undefined ? send() : before.then(send)).catch((cause: unknown) => {
      problem(state, 'open loop', cause);
    });
    if (key !== undefined) turns.set(key, sent);
    sending.push(sent);
  }
  await Promise.all(sending);
}

const inOrder: readonly Flow['pattern'][] = ['ordered-stream', 'last-value'];

/** The key whose events are sent one at a time; undefined where their order does not matter. */
function turnOf({ flow, planned }: TrialState, message: number): string | undefined {
  return inOrder.includes(flow.pattern) ? planned.list[message]?.message.key : undefined;
}
