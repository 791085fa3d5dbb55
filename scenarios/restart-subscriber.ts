import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { receives } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Workload } from '../harness/model/workload.ts';
import { isRequestReply } from './conditions.ts';

/** How long the application takes over what its adapter has in hand when it is told to end, and when more is sent meanwhile. */
const inHandMs = 750;
const stopAfterMs = 150;
const moreAfterMs = [620, 1000] as const;
/** How long the adapter stays away after what was sent last, in milliseconds. */
const awayMs = 700;

/** An answering adapter that has a request in hand, and one that comes back. */
function restartAnswerer(build: WorkloadBuilder): Workload {
  const to = build.random.pick(build.receivers);
  const { application } = to;
  const [inHand, after] = [build.message({ to }), build.message({ to })];
  build.scriptAllSlow(inHand, inHandMs);
  build.lane({ do: 'send', message: inHand });
  build.lane(
    // A request is sent once it is answered: half of what its answer takes has passed.
    { do: 'wait', for: { until: 'since-first-steps', ms: inHandMs / 2 } },
    { do: 'stop', application, instance: 0 },
    { do: 'start', application, instance: 0 },
    { do: 'send', message: after },
  );
  return build.build();
}

export const restartSubscriber: Scenario = {
  name: 'restart-subscriber',
  title: 'A receiving adapter is told to end with an event in hand, while others keep coming, and is started again',
  clauses: ['DEL-3', 'DEL-7', 'DLQ-4', 'ORD-1', 'REP-1', 'AUD-1', 'LIF-1'],
  applies: () => true,
  // Where requests are asked, the asker waits meanwhile.
  tries: (flow, application) => isRequestReply(flow) || receives(flow, application),
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    if (isRequestReply(flow)) return restartAnswerer(build);
    const to = build.random.pick(build.receivers);
    const { application } = to;
    const keys = flow.pattern === 'ordered-stream' ? build.keys(2, to) : [];
    const some = (count: number): readonly number[] =>
      Array.from({ length: count }, (_, at) => {
        const key = keys[at % 2];
        return build.message({ to, ...(key === undefined ? {} : { key }) });
      });
    const [before, meanwhile, late, later, after] = [
      some(5),
      some(6),
      build.message({ to }),
      build.message({ to }),
      some(3),
    ];
    const [first = 0, inHand = 0] = [before[0], meanwhile[0]];
    const sends = (messages: readonly number[]) => messages.map((message) => ({ do: 'send', message }) as const);
    const sinceInHand = (ms: number) => ({ do: 'wait', for: { until: 'since-sent', message: inHand, ms } }) as const;
    build.script(application, inHand, { status: 200, delayMs: inHandMs });
    for (const message of meanwhile.slice(1, 3)) build.script(application, message, { status: 200, delayMs: 20 });
    build.lane(
      ...sends(before),
      { do: 'wait', for: { until: 'delivered', application, message: first, times: 1 } },
      ...sends(meanwhile.slice(0, 3)),
      sinceInHand(stopAfterMs),
      { do: 'stop', application, instance: 0 },
      ...sends(meanwhile.slice(3)),
      // Away for a while, and not for as long only as it takes to start.
      { do: 'wait', for: { until: 'since-sent', message: meanwhile.at(-1) ?? 0, ms: awayMs } },
      { do: 'start', application, instance: 0 },
      ...sends(after),
    );
    // Onto the bus while the adapter finishes what it has in hand, and when it ought to be gone.
    build.lane(sinceInHand(moreAfterMs[0]), ...sends([late]), sinceInHand(moreAfterMs[1]), ...sends([later]));
    return build.build();
  },
};
