import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Flow } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Step } from '../harness/model/workload.ts';
import { isAtLeastOnce, isOrdered } from './conditions.ts';

/** When the adapter is crashed whose acknowledgement was lost, in ack waits: before the bus delivers again. */
const crashAfter = 0.4;

export const lostSettlements: Scenario = {
  name: 'lost-settlements',
  title:
    'The connection of a receiving adapter ends before its acknowledgement has reached the bus, and of an ordered flow it crashes then',
  clauses: ['DUP-2', 'ORD-2', 'DEL-3', 'DLQ-4'],
  // What was not acknowledged is delivered again.
  applies: (flow) => isAtLeastOnce(flow) && flow.attempts > 1,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const { application } = to;
    const [key] = isOrdered(flow) ? build.keys(1, to) : [];
    const event = (): number => build.message({ to, ...(key === undefined ? {} : { key }) });
    const lost = (message: number): readonly Step[] => {
      build.wire({ kind: 'lose-settlement', message, application, by: 'reset' });
      return [
        { do: 'send', message },
        { do: 'wait', for: { until: 'delivered', application, message, times: 1 } },
      ];
    };
    const [livesOn, next] = [event(), event()];
    build.lane(
      ...lost(livesOn),
      { do: 'send', message: next },
      ...(isOrdered(flow) ? thenCrashes(lost, [event(), event()], application, flow) : []),
    );
    return build.build();
  },
};

/** Once it has started anew it has nothing to know by what it took but what it keeps on the bus. */
function thenCrashes(
  lost: (message: number) => readonly Step[],
  [crashes, last]: readonly [number, number],
  application: string,
  flow: Flow,
): readonly Step[] {
  return [
    { do: 'wait', for: { until: 'drained' } },
    ...lost(crashes),
    { do: 'wait', for: { until: 'since-sent', message: crashes, ms: (flow.ackWaitMs ?? 0) * crashAfter } },
    { do: 'crash', application, instance: 0 },
    { do: 'start', application, instance: 0 },
    { do: 'send', message: last },
  ];
}
