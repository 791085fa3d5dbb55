import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { keysByPartition } from './partitions.ts';
import type { Scenario } from '../harness/model/scenario.ts';

const perReceiver = 5;
/** Contents of one bundle, in bytes. */
const manyContents = Array.from({ length: 12 }, (_, at) => 10 + at);

export const happyFlow: Scenario = {
  name: 'happy-flow',
  title: 'Valid events of every type and key are sent, and every application accepts them',
  clauses: [
    'ENV-1',
    'ENV-2',
    'ENV-3',
    'ENV-4',
    'ENV-5',
    'ENV-6',
    'SCH-1',
    'DEL-1',
    'DEL-3',
    'DEL-5',
    'ORD-1',
    'REP-1',
    'DLQ-4',
    'AUD-1',
    'AUD-4',
    'LIF-1',
  ],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const ordered = flow.pattern === 'ordered-stream';
    const few = flow.key === undefined || flow.pattern === 'work-queue' ? [] : build.keys(3);
    // Every partition has its own consumers: none is left out.
    const keys = ordered ? [...keysByPartition(build).values()].flatMap((own) => own.slice(0, 1)) : few;
    let next = 0;
    const messages = flow.receivers.flatMap((to) =>
      Array.from({ length: perReceiver }, () =>
        build.message({ to, ...(keys.length === 0 ? {} : { key: keys[next++ % keys.length] ?? '' }) }),
      ),
    );
    // Every type at least once, whoever it is for.
    for (const { name } of flow.messages) messages.push(build.message({ type: name }));
    if (flow.bucket !== undefined) messages.push(build.message({ contents: build.contents(...manyContents) }));
    build.sendInLanes(messages);
    return build.build();
  },
};
