import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

const malformed = ['00-not-a-trace', '', 'ff-00000000000000000000000000000000-0000000000000000-00'] as const;

export const traceContext: Scenario = {
  name: 'trace-context',
  title: 'Trace contexts are sound, malformed or absent, and no event is refused for it',
  clauses: ['ENV-4', 'ENV-6'],
  // The header schema of requests asks for a sampled trace, by which their audit is joined.
  applies: (flow) => flow.pattern !== 'request-reply',
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const messages = [
      ...malformed.map((traceparent) =>
        build.message({ headers: { traceparent: traceparent === '' ? null : traceparent } }),
      ),
      ...build.messages(3),
      build.message({ headers: { tracestate: 'a=1,b=2' } }),
    ];
    build.sendInLanes(messages);
    return build.build();
  },
};
