import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Step } from '../harness/model/workload.ts';
import { isAtLeastOnce, isOrdered, isUnderTest } from './conditions.ts';
import { keysByPartition } from './partitions.ts';

/** Long enough for an adapter to notice, and to be asked for its health after that. */
const refuseMs = 900;
const limitMs = 10_000;
/** Events before, meanwhile and after. */
const each = 4;

export const cutOff: Scenario = {
  name: 'cut-off',
  title:
    'A receiving adapter, or the one under test that sends, is cut off from the bus for a while, and events come meanwhile and after',
  clauses: ['LIF-2', 'LIF-3', 'SEC-4', 'DEL-1', 'DEL-3', 'DLQ-4'],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire().limit(limitMs);
    const to = build.random.pick(build.receivers);
    const cutsSender = !isUnderTest(flow, to.application);
    const application = cutsSender ? build.random.pick(build.senders) : to.application;
    // Every partition has its own consumers: none is to be forgotten.
    const own = isOrdered(flow) ? [...keysByPartition(build, to).values()] : [];
    const keys = own.flatMap(([key]) => key ?? []).slice(0, each);
    const some = (count: number): readonly number[] =>
      Array.from({ length: count }, (_, at) => {
        const key = keys[at % Math.max(1, keys.length)];
        return build.message({ to, ...(key === undefined ? {} : { key }) });
      });
    const [before, meanwhile, after] = [some(each), some(each), some(each)];
    const send = (message: number): Step => ({ do: 'send', message });
    const delivered = (message: number): Step => ({
      do: 'wait',
      for: { until: 'delivered', application: to.application, message, times: 1 },
    });
    // What is on its way when the connection ends may be lost at most once.
    const sent = (ms: number): Step => ({ do: 'wait', for: { until: 'since-sent', message: before.at(-1) ?? 0, ms } });
    const cutting = build.lane(...before.map(delivered), sent(0), {
      do: 'cut',
      application,
      instance: 0,
      refuseMs,
    });
    // Who is cut off may say so at once, or once it is back: what comes next of a key waits for its answer, and is sent when it is well.
    const tried = meanwhile.slice(0, 1).map((message): Step => ({ do: 'send', message, persist: false }));
    const [whileCut, onceWell] = cutsSender ? [tried, meanwhile.map(send)] : [meanwhile.map(send), []];
    const isKept = isAtLeastOnce(flow);
    build.lane(
      ...before.map(send),
      ...before.map(delivered),
      ...(isKept ? [sent(refuseMs / 2), ...whileCut] : []),
      { do: 'wait', for: { until: 'lane', lane: cutting } },
      ...(isKept ? onceWell : []),
      ...after.map(send),
    );
    return build.build();
  },
};
