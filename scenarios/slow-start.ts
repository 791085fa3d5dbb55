import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { receives, type Flow, type Service } from '../harness/model/flow.ts';
import { consumersOfReceiver } from '../harness/model/names.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isUnderTest } from './conditions.ts';

/** How long the bus cannot be reached from when the adapter first tries to; how long one that says too early that it is well may be asked for it. */
const refuseMs = 300;
const holdMs = 700;

/** Whose adapter starts late: a receiver's, or a sender's under test that shows on no other flow of its service how it starts. */
function startersOf(flow: Flow, { flows }: Service): readonly string[] {
  const receivesAny = (name: string): boolean => flows.some((each) => receives(each, name));
  const receiving = flow.receivers.map(({ application }) => application).filter((name) => isUnderTest(flow, name));
  if (receiving.length > 0) return receiving;
  return flow.senders.filter((name) => isUnderTest(flow, name) && !receivesAny(name));
}

/** Consumers that an application finds on the bus, as `<stream>.<consumer>`. */
const consumersOf = (name: string, { flows }: Service): readonly string[] =>
  flows.flatMap((flow) =>
    flow.stream === undefined
      ? []
      : flow.receivers
          .filter(({ application }) => application === name)
          .flatMap((receiver) => consumersOfReceiver(flow, receiver).map((one) => `${flow.stream ?? ''}.${one.name}`)),
  );

export const slowStart: Scenario = {
  name: 'slow-start',
  title:
    'An adapter is started while the bus cannot be reached, and then takes its time over every answer to it, or over those about one of its consumers',
  clauses: ['LIF-1', 'LIF-3', 'DEL-3', 'DLQ-4', 'REP-1'],
  applies: (flow, service) => startersOf(flow, service).length > 0,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const late = startersOf(flow, service);
    const application = build.random.pick(late.length === 0 ? build.senders : late);
    const to = flow.receivers.find((receiver) => receiver.application === application);
    build.instances(application, 0);
    // Who waits for one of several waits for the only one.
    const consumers = consumersOf(application, service);
    const held = consumers.length > 1 ? { holdOf: build.random.pick(consumers) } : {};
    build.lane(
      { do: 'start', application, instance: 0, refuseMs, holdMs, ...held },
      ...build
        .messages(3, to === undefined ? { application } : { to })
        .map((message) => ({ do: 'send', message }) as const),
    );
    return build.build();
  },
};
