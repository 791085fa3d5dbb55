import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { sends } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { WireFault } from '../harness/model/wire.ts';
import { isAtLeastOnce, isLastValue } from './conditions.ts';

/** Longer than an adapter waits for an acknowledgement before it publishes again (2 s). */
const lateMs = 2300;
const refuseMs = 400;
/** When another event is sent through an adapter that waits for acknowledgements, and for how many at once: it is to serve 64. */
const besideMs = 1000;
const unheardAtOnce = 63;

/** When an application hangs up whose event is on its way: before it is published again. */
const hangUpMs = 600;

type Befall = (message: number) => WireFault;

/** What befalls one event after another: no cut gets in the way of what only comes late. */
const faults: readonly Befall[] = [
  (message) => ({ kind: 'delay-acknowledgement', message, delayMs: lateMs }),
  (message) => ({ kind: 'lose-acknowledgement', message, by: 'end' }),
  (message) => ({ kind: 'lose-acknowledgement', message, by: 'reset', refuseMs }),
];
const silence: Befall = (message) => ({ kind: 'withhold-acknowledgements', message });

/** Keys of what is sent at once, one event each: an application sends no two of one. */
function keysOf(build: WorkloadBuilder): readonly string[] {
  // A bundle is more than a publish: its contents go to the store at the same time.
  if (build.flow.bucket !== undefined) return [''];
  if (build.flow.key === undefined) return Array.from({ length: unheardAtOnce }, () => '');
  return [...new Set(build.keys(unheardAtOnce, build.random.pick(build.receivers)))];
}

export const lostAcknowledgements: Scenario = {
  name: 'lost-acknowledgements',
  title:
    'Connections of a sending adapter are cut before a publish reaches the bus, whose application hangs up meanwhile, and before its acknowledgement comes back, an acknowledgement comes late, and those of many never',
  clauses: ['DEL-1', 'DEL-2', 'DEL-3', 'DLQ-4'],
  applies: isAtLeastOnce,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const application = build.random.pick(build.senders);
    const messages = faults.flatMap((fault) => {
      const [befallen, after] = [build.message({ application }), build.message({ application })];
      build.wire(fault(befallen));
      return [befallen, after];
    });
    // A closed connection cancels nothing: it is published again though nobody waits for that any more.
    const abandoned = build.message({ application });
    build.wire({ kind: 'lose-publish', message: abandoned, by: 'reset' });
    const sends = messages.map((message) => ({ do: 'send', message }) as const);
    // The contents of the next bundle would be on their way when the connection is cut.
    if (flow.bucket === undefined) build.lane({ do: 'send', message: abandoned, hangUpMs }, ...sends);
    else build.lane(...sends, { do: 'send', message: abandoned });
    // What an adapter reads back of the last value answers for its acknowledgement.
    if (isLastValue(flow)) return build.build();
    const instance = 1;
    for (const key of keysOf(build)) {
      const unheard = build.message({ application, ...(key === '' ? {} : { key }) });
      build.wire(silence(unheard));
      build.lane({ do: 'send', message: unheard, instance, persist: false });
    }
    // Sent while those wait, and not held up by them.
    const other = build.message({ application });
    build.lane(
      { do: 'wait', for: { until: 'since-first-steps', ms: besideMs } },
      { do: 'send', message: other, instance },
    );
    return build.instances(application, 2).build();
  },
};
