import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Flow } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Step } from '../harness/model/workload.ts';
import { isStream } from './conditions.ts';

const isSole = ({ senders }: Flow): boolean => senders.length === 1;

export const secondInstance: Scenario = {
  name: 'second-instance',
  title:
    'Every application’s adapter runs in two instances, of which one sends what the other has sent, and one receiver is joined by a third in the middle',
  clauses: ['DEL-3', 'DEL-5', 'DUP-3', 'DLQ-4', 'ORD-1', 'REP-1', 'SEC-4', 'AUD-1'],
  severalInstances: true,
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    for (const { application } of flow.receivers) build.instances(application, 2);
    for (const application of flow.senders) build.instances(application, 2);
    const keys = flow.key === undefined || flow.pattern === 'work-queue' ? [] : build.keys(3);
    const messages = Array.from({ length: 16 }, () =>
      build.message(keys.length === 0 ? {} : { key: build.random.pick(keys) }),
    );
    for (const message of messages.slice(0, 4)) build.scriptAllSlow(message, 30);
    build.sendInLanes(messages);
    if (isStream(flow)) {
      const [sent, repeated] = [build.message(), build.message()];
      build.lane(
        { do: 'send', message: sent, instance: 0 },
        { do: 'send', message: build.conflicting(sent), instance: 1, persist: false },
      );
      // Where others send too, one that has no memory of it cannot say what it was.
      const twice: Step[] = isSole(flow) ? [{ do: 'send', message: repeated, instance: 1 }] : [];
      build.lane({ do: 'send', message: repeated, instance: 0 }, ...twice);
    }
    const joins = build.random.pick(build.receivers).application;
    build.lane({ do: 'start', application: joins, instance: 2 });
    return build.build();
  },
};
