import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Flow } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

/** Others between an event and its repeat: some of the 10,000 that are to be remembered, since each costs time. */
const between = 300;

/** Where one application alone receives what is sent to it, and nothing but its adapter's memory tells a repeat. */
const isToOne = ({ pattern, receivers }: Flow): boolean =>
  pattern === 'work-queue' || (pattern === 'fan-out' && receivers.length === 1);

export const remembered: Scenario = {
  name: 'remembered',
  title: `An event is stored again, past the sender’s check, once ${String(between)} others were accepted after it`,
  clauses: ['DUP-2'],
  applies: (flow) => isAtLeastOnce(flow) && isToOne(flow),
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const kept = build.message({ to });
    const others = build.messages(between, { to, smallest: true });
    const accepted = (message: number) =>
      ({ do: 'wait', for: { until: 'delivered', application: to.application, message, times: 1 } }) as const;
    build.lane(
      { do: 'inject', message: kept },
      accepted(kept),
      ...others.map((message) => ({ do: 'inject', message }) as const),
      ...others.map(accepted),
      { do: 'inject', message: kept, messageId: `again ${build.planned(kept).id}` },
    );
    return build.build();
  },
};
