import { delay } from './clock.ts';
import type { TrialRelays } from './endpoint.ts';
import type { Instances } from './instances.ts';
import type { TrialState } from './trial-state.ts';

/** How long an instance that says that it is ready may take to connect. */
const connectMs = 5000;

/** Starts an instance to which nothing is said on the bus for a while: what it needs there it cannot have found before. */
export async function startHeld(
  { state, instances, relays }: { state: TrialState; instances: Instances; relays: TrialRelays | undefined },
  { application, instance }: { application: string; instance: number },
  holdMs: number,
): Promise<void> {
  const { history, clock, signal } = state;
  const at = clock.now();
  const released = relays?.hold(application, instance, holdMs)?.then(() => true);
  const started = instances.start(application, instance);
  const givenUp = started
    .then(() => delay(holdMs + connectMs, signal))
    .then(
      () => false,
      () => false,
    );
  const took = (await Promise.race([released ?? false, givenUp])) && !signal.aborted;
  history.append('fault', { at, done: clock.now(), kind: 'hold', target: application, took: took ? 'yes' : 'no' });
  await started;
}
