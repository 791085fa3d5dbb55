import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

export const failedOnce: Scenario = {
  name: 'failed-once',
  title: 'Receiving applications fail on events that travel at most once, and are slow on others',
  clauses: ['DEL-3', 'DEL-5', 'DLQ-4', 'AUD-1'],
  applies: (flow) => flow.stream !== undefined && flow.delivery === 'at-most-once',
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const messages = flow.receivers.flatMap((to) => {
      const [failing, slow, well] = [build.message({ to }), build.message({ to }), build.message({ to })];
      build.script(to.application, failing, { status: 500 });
      build.script(to.application, slow, { status: 200, delayMs: (flow.ackWaitMs ?? 0) * 0.75 });
      return [failing, slow, well];
    });
    build.sendInLanes(messages);
    return build.build();
  },
};
