import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { receives } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { nameInCapitals, oneOfEach } from './violations.ts';

export const invalidInjected: Scenario = {
  name: 'invalid-injected',
  title:
    'Events that break one header, the case of its name, one keyword or rule each are put on the bus past the sender’s check, between valid ones',
  clauses: ['ENV-5', 'SCH-2', 'SCH-3', 'DEL-3', 'DLQ-1', 'DLQ-4', 'AUD-1'],
  applies: () => true,
  tries: receives,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const broken = [
      ...oneOfEach(flow.messages, build.random).map(({ type, violation }) => build.message({ type, violation })),
      ...nameInCapitals.map((violation) => build.message({ violation })),
    ];
    const valid = build.messages(2);
    build.lane(...broken.map((message) => ({ do: 'inject', message }) as const));
    build.sendInLanes(valid);
    return build.build();
  },
};
