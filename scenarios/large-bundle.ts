import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

/** The largest that a content is here: more than an adapter and the buffers around it hold at once. */
const contentBytes = 16 * 1024 ** 2;

export const largeBundle: Scenario = {
  name: 'large-bundle',
  title: 'A content is larger than what an adapter may hold of it at once',
  clauses: ['LIF-4', 'DEL-3', 'DLQ-4'],
  applies: (flow) => flow.bucket !== undefined,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const to = build.random.pick(build.receivers);
    build.lane({ do: 'send', message: build.message({ to, contents: build.contents(contentBytes) }) });
    return build.build();
  },
};
