import { delay } from './clock.ts';
import type { TrialRelays } from './endpoint.ts';
import type { Instances } from './instances.ts';
import type { TrialState } from './trial-state.ts';

/** Between two looks at an instance's health. */
const lookMs = 100;
/** How long after it may connect again an instance is waited for: past what is asked of it. */
const patienceMs = 7000;

/** Cuts an instance off from the bus for a while, and writes down what it says of its health until it is well again. */
export async function cutOff(
  { state, instances, relays }: { state: TrialState; instances: Instances; relays: TrialRelays | undefined },
  { application, instance, refuseMs }: { application: string; instance: number; refuseMs: number },
): Promise<void> {
  const { history, clock, signal } = state;
  const at = clock.now();
  const took = (await relays?.cut(application, instance, refuseMs)) ?? false;
  const connectable = at + refuseMs;
  history.append('fault', { at, done: connectable, kind: 'cut', target: application, took: took ? 'yes' : 'no' });
  if (!took) return;
  while (clock.now() < connectable + patienceMs && !signal.aborted) {
    await delay(lookMs, signal);
    const asked = clock.now();
    const status = (await instances.get(application, instance)?.health()) ?? 0;
    history.append('health', { at: asked, done: clock.now(), application, instance, status });
    if (status === 200 && asked > connectable) return;
  }
}
