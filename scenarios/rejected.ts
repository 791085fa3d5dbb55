import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isStream } from './conditions.ts';

const refusals = [400, 404, 409, 410, 422] as const;

export const rejected: Scenario = {
  name: 'rejected',
  title: 'Receiving applications reject some events for good, with every kind of 4xx, and accept the others',
  clauses: ['DLQ-1', 'DLQ-4', 'AUD-1', 'AUD-4'],
  applies: isStream,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    // Each refusal is met by somebody, and by everybody under test, whatever the seed.
    const each = build.receivers.length === 1 ? refusals.length : 3;
    const start = build.random.integer(0, refusals.length - 1);
    const messages = flow.receivers.flatMap((to, receiver) => [
      ...Array.from({ length: each }, (_, at) => {
        const message = build.message({ to });
        const status = refusals[(start + receiver * each + at) % refusals.length] ?? 400;
        build.script(to.application, message, { status });
        return message;
      }),
      build.message({ to }),
    ]);
    build.sendInLanes(messages);
    return build.build();
  },
};
