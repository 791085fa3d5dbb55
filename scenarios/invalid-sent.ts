import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { sends } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { oneOfEach, withoutName } from './violations.ts';

export const invalidSent: Scenario = {
  name: 'invalid-sent',
  title:
    'The sending application offers one event for each header, keyword and rule that can be broken, between valid ones',
  clauses: ['ENV-1', 'ENV-3', 'ENV-5', 'SCH-1', 'SCH-3', 'DEL-1'],
  applies: () => true,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const invalid = oneOfEach(flow.messages, build.random).map(({ type, violation }) =>
      build.message({ type, violation }),
    );
    const nameless = withoutName.map((violation) => build.message({ violation }));
    build.sendInLanes([...invalid, ...nameless, ...build.messages(2)], { persist: false });
    return build.build();
  },
};
