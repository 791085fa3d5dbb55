import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

export const slowApplication: Scenario = {
  name: 'slow-application',
  title: 'A receiving application takes longer than the time limit, and accepts all the same',
  clauses: ['DUP-2', 'DLQ-4', 'AUD-1', 'DEL-3'],
  applies: (flow) => isAtLeastOnce(flow) && flow.attempts > 1,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const slow = build.message({ to });
    build.script(to.application, slow, { status: 200, delayMs: (flow.ackWaitMs ?? 0) * 0.75 }, { status: 200 });
    build.sendInLanes([slow, ...build.messages(2, { to })]);
    return build.build();
  },
};
