import type { Step } from '../model/workload.ts';
import { delay } from './clock.ts';
import type { TrialRelays } from './endpoint.ts';
import type { Instances } from './instances.ts';
import type { TrialState } from './trial-state.ts';

/** How long an instance that says that it is ready may take to connect. */
const connectMs = 5000;

interface Parts {
  readonly state: TrialState;
  readonly instances: Instances;
  readonly relays: TrialRelays | undefined;
}

interface Wait {
  readonly kind: 'refuse' | 'hold';
  readonly ms: number;
  /** Resolves once it is over; undefined where nothing stands in the way. */
  readonly over: Promise<void> | undefined;
}

/**
 * Starts an instance, which the bus may keep waiting: for a while no connection of it is taken, or nothing is said to it, so that what it
 * needs there it cannot have found before.
 */
export async function startHeld(
  parts: Parts,
  { application, instance, refuseMs, holdMs, holdOf }: Extract<Step, { do: 'start' }>,
): Promise<void> {
  const { instances, relays } = parts;
  const waits: Wait[] = [];
  if (refuseMs !== undefined)
    waits.push({ kind: 'refuse', ms: refuseMs, over: relays?.refuse(application, instance, refuseMs) });
  if (holdMs !== undefined)
    waits.push({ kind: 'hold', ms: holdMs, over: relays?.hold(application, instance, holdMs, holdOf) });
  const started = instances.start(application, instance);
  await Promise.all([...waits.map((wait) => journal(parts, application, started, wait)), started]);
}

/** Writes down until when an instance was kept waiting, and whether it came to that. */
async function journal(
  { state }: Parts,
  target: string,
  started: Promise<void>,
  { kind, ms, over }: Wait,
): Promise<void> {
  const { history, clock, signal } = state;
  const at = clock.now();
  const givenUp = started
    .then(() => delay(ms + connectMs, signal))
    .then(
      () => false,
      () => false,
    );
  const took = (await Promise.race([over?.then(() => true) ?? false, givenUp])) && !signal.aborted;
  history.append('fault', { at, done: clock.now(), kind, target, took: took ? 'yes' : 'no' });
}
