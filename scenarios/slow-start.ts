import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isStream } from './conditions.ts';

/** Long enough for an adapter that says too early that it is well to be asked for it. */
const holdMs = 700;

export const slowStart: Scenario = {
  name: 'slow-start',
  title: 'A receiving adapter is started while the bus takes its time over every answer to it',
  clauses: ['LIF-3', 'DEL-3', 'DLQ-4'],
  applies: isStream,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const to = build.random.pick(build.receivers);
    const { application } = to;
    build.instances(application, 0);
    build.lane(
      { do: 'start', application, instance: 0, holdMs },
      ...build.messages(3, { to }).map((message) => ({ do: 'send', message }) as const),
    );
    return build.build();
  },
};
