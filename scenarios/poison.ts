import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { partitionOf } from '../harness/generate/partition.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';
import { keysByPartition } from './partitions.ts';

export const poison: Scenario = {
  name: 'poison',
  title: 'One key’s event always fails at one application, among many keys that are well',
  clauses: ['ORD-1', 'ORD-3', 'DLQ-1', 'DLQ-2', 'DLQ-4', 'AUD-1'],
  applies: (flow) => isAtLeastOnce(flow) && flow.key !== undefined,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const poisoned = build.message({ to });
    build.script(to.application, poisoned, { status: 500 });
    const { key } = build.planned(poisoned);
    const messages = [poisoned, ...(flow.pattern === 'ordered-stream' ? [build.message({ to, key })] : [])];
    // Whatever the seed, some lie behind the poison in its own partition.
    const partition = partitionOf(key, flow.partitions ?? 1);
    const drawn = flow.partitions === undefined ? [] : (keysByPartition(build, to).get(partition) ?? []);
    const shared = drawn.filter((other) => other !== key);
    for (let at = 0; at < 8; at++) {
      const near = shared[at];
      const well = build.message({ to, ...(at < 2 && near !== undefined ? { key: near } : {}) });
      messages.push(well);
      if (flow.pattern === 'ordered-stream') messages.push(build.message({ to, key: build.planned(well).key }));
    }
    build.sendInLanes(messages);
    return build.build();
  },
};
