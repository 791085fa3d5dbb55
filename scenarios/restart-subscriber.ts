import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

/** How long the adapter stays away after what was sent last, in milliseconds. */
const awayMs = 700;

export const restartSubscriber: Scenario = {
  name: 'restart-subscriber',
  title: 'A receiving adapter is stopped while events keep coming, and started again',
  clauses: ['DEL-3', 'DEL-7', 'DLQ-4', 'ORD-1', 'AUD-1'],
  applies: isAtLeastOnce,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(flow.receivers);
    const { application } = to;
    const keys = flow.pattern === 'ordered-stream' ? build.keys(2, to) : [];
    const some = (count: number): readonly number[] =>
      Array.from({ length: count }, (_, at) => {
        const key = keys[at % 2];
        return build.message({ to, ...(key === undefined ? {} : { key }) });
      });
    const [before, meanwhile, after] = [some(5), some(6), some(3)];
    const first = before[0] ?? 0;
    const sends = (messages: readonly number[]) => messages.map((message) => ({ do: 'send', message }) as const);
    build.lane(
      ...sends(before),
      { do: 'wait', for: { until: 'delivered', application, message: first, times: 1 } },
      // Sent while the adapter is stopping, so that something is in its hands.
      ...sends(meanwhile.slice(0, 3)),
      { do: 'stop', application, instance: 0 },
      ...sends(meanwhile.slice(3)),
      // Away for a while, and not for as long only as it takes to start.
      { do: 'wait', for: { until: 'since-sent', message: meanwhile.at(-1) ?? 0, ms: awayMs } },
      { do: 'start', application, instance: 0 },
      ...sends(after),
    );
    for (const message of meanwhile.slice(0, 3)) build.script(application, message, { status: 200, delayMs: 20 });
    return build.build();
  },
};
