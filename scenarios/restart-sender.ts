import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Flow, Service } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply, isUnderTest } from './conditions.ts';

/** How long what the adapter has sent for its application stays unanswered, and when it is told to end meanwhile. */
const inHandMs = 750;
const unheardMs = 3500;
const toldAfterMs = 375;

/** Senders under test, or all, which are told to end on the first flow of their service that they send on, at least once and at most once. */
const sendersOf = (flow: Flow, { flows }: Service): readonly string[] =>
  flow.senders.filter(
    (name) =>
      isUnderTest(flow, name) &&
      flows.find((each) => each.delivery === flow.delivery && each.senders.includes(name))?.id === flow.id,
  );

export const restartSender: Scenario = {
  name: 'restart-sender',
  title: 'A sending adapter is told to end while its application waits for an answer, and is started again',
  clauses: ['LIF-1', 'SEC-4', 'DEL-1', 'DEL-5', 'REP-1'],
  applies: (flow, service) => sendersOf(flow, service).length > 0,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const told = sendersOf(flow, service);
    const application = build.random.pick(told.length === 0 ? build.senders : told);
    const [before, inHand, after] = [
      build.message({ application }),
      build.message({ application }),
      build.message({ application }),
    ];
    if (isRequestReply(flow)) build.scriptAllSlow(inHand, inHandMs);
    else build.wire({ kind: 'delay-acknowledgement', message: inHand, delayMs: unheardMs });
    const sending = build.lane({ do: 'send', message: before }, { do: 'send', message: inHand, persist: false });
    build.lane(
      { do: 'wait', for: { until: 'since-sent', message: before, ms: toldAfterMs } },
      { do: 'stop', application, instance: 0 },
      { do: 'start', application, instance: 0 },
      { do: 'wait', for: { until: 'lane', lane: sending } },
      { do: 'send', message: after },
    );
    return build.build();
  },
};
