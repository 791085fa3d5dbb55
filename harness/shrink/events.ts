import type { WorkloadSize } from '../model/counterexample.ts';
import type { Step, Workload } from '../model/workload.ts';

const isEvent = (step: Step): step is Extract<Step, { application: string }> => 'application' in step;

export function sizeOf(workload: Workload): WorkloadSize {
  const crashes = workload.scripts.flatMap(({ answers }) => answers.filter(({ crash }) => crash !== undefined));
  return {
    messages: workload.messages.length,
    events: workload.lanes.flat().filter(isEvent).length + crashes.length + (workload.wire?.length ?? 0),
  };
}

/** A step of a lane by its place. */
type Place = readonly [lane: number, step: number];

/**
 * Steps that can be left out only together: what takes an instance down, with what starts it again. What is left is a life that an
 * instance can have.
 */
export function eventUnits(workload: Workload): readonly (readonly Place[])[] {
  const units: (readonly Place[])[] = [];
  const open = new Map<string, { readonly place: Place; readonly up: boolean }>();
  for (const [lane, steps] of workload.lanes.entries()) {
    for (const [at, step] of steps.entries()) {
      if (!isEvent(step)) continue;
      const place: Place = [lane, at];
      if (step.do === 'replay' || step.do === 'cut') {
        units.push([place]);
        continue;
      }
      const instance = `${step.application} ${String(step.instance)}`;
      const up = step.do === 'start';
      const before = open.get(instance);
      if (before === undefined || before.up === up) {
        if (before !== undefined) units.push([before.place]);
        open.set(instance, { place, up });
      } else {
        units.push([before.place, place]);
        open.delete(instance);
      }
    }
  }
  return [...units, ...[...open.values()].map(({ place }) => [place])];
}

/** The workload without some of its steps. */
export function withoutSteps(workload: Workload, places: readonly Place[]): Workload {
  const gone = new Set(places.map(([lane, step]) => `${String(lane)} ${String(step)}`));
  return {
    ...workload,
    lanes: workload.lanes.map((steps, lane) => steps.filter((_, at) => !gone.has(`${String(lane)} ${String(at)}`))),
  };
}
