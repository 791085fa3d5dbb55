import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

export const exhausted: Scenario = {
  name: 'exhausted',
  title: 'A receiving application fails at every attempt, until the attempts are used up',
  clauses: ['DLQ-1', 'DLQ-2', 'DLQ-4', 'AUD-1'],
  applies: isAtLeastOnce,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const messages = build.receivers.slice(0, 2).flatMap((to) => {
      const hopeless = build.message({ to });
      build.script(to.application, hopeless, { status: 500 });
      return [hopeless, build.message({ to })];
    });
    build.sendInLanes(messages);
    return build.build();
  },
};
