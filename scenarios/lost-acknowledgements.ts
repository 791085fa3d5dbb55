import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { WireFault } from '../harness/model/wire.ts';
import { isAtLeastOnce } from './conditions.ts';

/** Longer than an adapter waits for an acknowledgement before it publishes again (2 s). */
const lateMs = 2300;
const refuseMs = 400;

/** Each befalls an instance of its own, so that none gets in another's way. */
const faults: readonly ((message: number) => WireFault)[] = [
  (message) => ({ kind: 'lose-acknowledgement', message, by: 'end' }),
  (message) => ({ kind: 'lose-acknowledgement', message, by: 'reset', refuseMs }),
  (message) => ({ kind: 'lose-publish', message, by: 'reset' }),
  (message) => ({ kind: 'delay-acknowledgement', message, delayMs: lateMs }),
];

export const lostAcknowledgements: Scenario = {
  name: 'lost-acknowledgements',
  title:
    'Connections of a sending adapter are cut before a publish reaches the bus and before its acknowledgement comes back, and an acknowledgement comes late',
  clauses: ['DEL-1', 'DEL-2', 'DEL-3', 'DLQ-4'],
  applies: isAtLeastOnce,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const application = build.random.pick(build.senders);
    build.instances(application, faults.length);
    for (const [instance, fault] of faults.entries()) {
      const [befallen, after] = [build.message({ application }), build.message({ application })];
      build.wire(fault(befallen));
      build.lane({ do: 'send', message: befallen, instance }, { do: 'send', message: after, instance });
    }
    return build.build();
  },
};
