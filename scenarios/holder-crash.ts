import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

/** What a slow application takes, in ack waits: its adapter has to let go of the item before. */
const slowness = 1.3;

export const holderCrash: Scenario = {
  name: 'holder-crash',
  title:
    'Of two instances that share a queue one crashes with an item in hand, and an application is too slow with another',
  clauses: ['DEL-4', 'DEL-3', 'DUP-2', 'DLQ-4'],
  // With a single attempt nothing is given out again.
  applies: (flow) => flow.pattern === 'work-queue' && flow.delivery === 'at-least-once' && flow.attempts > 2,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const { application } = to;
    build.instances(application, 2).watchWire();
    const [slow = 0, before = 0, after = 0, ...others] = build.messages(7, { to });
    build.script(application, slow, { status: 200, delayMs: (flow.ackWaitMs ?? 0) * slowness }, { status: 200 });
    build.script(application, before, { status: 200, crash: 'before-effect' }, { status: 200 });
    build.script(application, after, { status: 200, crash: 'after-effect' }, { status: 200 });
    // One crash after the other: items that are taken from the first are not to be lost to the second.
    build.lane(
      { do: 'send', message: slow },
      { do: 'wait', for: { until: 'delivered', application, message: slow, times: 2 } },
      { do: 'send', message: before },
      { do: 'wait', for: { until: 'delivered', application, message: before, times: 2 } },
      { do: 'send', message: after },
    );
    build.sendInLanes(others);
    return build.build();
  },
};
