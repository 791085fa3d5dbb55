import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

const texts = ['Ærøskøbing, naïve café', 'Łódź 東京 Ελλάδα', 'Siân Llŷr ’n Gŵyl', '🚓 𝒜 combining é'] as const;

export const unknownFields: Scenario = {
  name: 'unknown-fields',
  title: 'Events carry optional fields that nobody declared, with text outside ASCII',
  clauses: ['SCH-5', 'ENV-6'],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const messages = texts.map((text, at) =>
      build.message({
        to: build.random.pick(flow.receivers),
        payload: { '/addedLater': text, '/addedLaterToo': { count: at, list: [text, null, true] } },
      }),
    );
    build.sendInLanes(messages);
    return build.build();
  },
};
