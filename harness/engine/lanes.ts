import type { Condition, Lane, Step } from '../model/workload.ts';
import { delay } from './clock.ts';
import { cutOff } from './cut-off.ts';
import type { Drain } from './drain.ts';
import type { TrialRelays } from './endpoint.ts';
import type { Injector } from './injector.ts';
import type { Instances } from './instances.ts';
import { performOpenLoop } from './open-loop.ts';
import type { Sender } from './sender.ts';
import { startHeld } from './start-held.ts';
import { deliveredKey, problem, type TrialState } from './trial-state.ts';

export interface LaneParts {
  readonly state: TrialState;
  readonly instances: Instances;
  readonly sender: Sender;
  readonly injector: Injector;
  readonly drain: Drain;
  readonly relays: TrialRelays | undefined;
}

/** Performs every lane of the workload side by side; resolves when all have ended. */
export async function performLanes(parts: LaneParts): Promise<void> {
  parts.state.progress.beganAt = parts.state.clock.now();
  await Promise.all(parts.state.workload.lanes.map((lane, index) => performLane(parts, lane, index)));
}

async function performLane(parts: LaneParts, lane: Lane, index: number): Promise<void> {
  const { state } = parts;
  let intended: number | undefined;
  try {
    for (const step of lane) {
      if (state.signal.aborted) return;
      if (step.do === 'at') {
        await delay(step.ms - state.clock.now(), state.signal);
        intended = step.ms;
      } else {
        await performStep(parts, step, intended ?? state.clock.now());
        intended = undefined;
      }
    }
  } catch (cause) {
    problem(state, `lane ${String(index)}`, cause);
  } finally {
    state.progress.endedLanes.add(index);
    state.changes.changed();
  }
}

async function performStep(parts: LaneParts, step: Exclude<Step, { do: 'at' }>, intended: number): Promise<void> {
  switch (step.do) {
    case 'send':
      return parts.sender.send(step.message, intended, step);
    case 'open-loop':
      return performOpenLoop(parts, step.arrivals);
    case 'inject':
      return parts.injector.inject(step.message, step);
    case 'misplace':
      return parts.injector.misplace(step.message);
    case 'inject-reply':
      return parts.injector.injectReply(step.message, step.request, step.straight ?? false);
    case 'start':
      return startHeld(parts, step);
    case 'stop':
      return parts.instances.stop(step.application, step.instance);
    case 'crash':
      await parts.instances.crash(step.application, step.instance);
      return;
    case 'cut':
      return cutOff(parts, step);
    case 'replay':
      return parts.injector.replay(step.application, step.key);
    case 'wait':
      return waitFor(parts, step.for);
  }
}

async function waitFor(parts: LaneParts, condition: Condition): Promise<void> {
  const { state } = parts;
  const at = state.clock.now();
  const reached = await reach(parts, condition);
  state.history.append('wait', {
    at,
    done: state.clock.now(),
    what: condition.until === 'drained' ? 'drain' : 'lane',
    detail: describe(condition),
    reached: reached ? 'yes' : 'no',
  });
}

async function reach(parts: LaneParts, condition: Condition): Promise<boolean> {
  const { progress, clock, changes, signal, workload } = parts.state;
  switch (condition.until) {
    case 'drained':
      return parts.drain.reached(workload.limitMs);
    case 'delivered': {
      const key = deliveredKey(condition.application, condition.message);
      return changes.until(() => (progress.delivered.get(key) ?? 0) >= condition.times, workload.limitMs, signal);
    }
    case 'lane':
      return changes.until(() => progress.endedLanes.has(condition.lane), workload.limitMs, signal);
    case 'elapsed':
      await delay(condition.ms - clock.now(), signal);
      return !signal.aborted;
    case 'since-first-steps':
      await delay(progress.beganAt + condition.ms - clock.now(), signal);
      return !signal.aborted;
    case 'since-sent': {
      const sent = await changes.until(() => progress.sentAt.has(condition.message), workload.limitMs, signal);
      if (!sent) return false;
      await delay((progress.sentAt.get(condition.message) ?? 0) + condition.ms - clock.now(), signal);
      return !signal.aborted;
    }
  }
}

function describe(condition: Condition): string {
  switch (condition.until) {
    case 'drained':
      return 'drained';
    case 'delivered':
      return `message ${String(condition.message)} handed over to ${condition.application} ${String(condition.times)} times`;
    case 'lane':
      return `lane ${String(condition.lane)} ended`;
    case 'elapsed':
      return `${String(condition.ms)} ms after the start`;
    case 'since-first-steps':
      return `${String(condition.ms)} ms after the first steps`;
    case 'since-sent':
      return `${String(condition.ms)} ms after message ${String(condition.message)} was sent`;
  }
}
