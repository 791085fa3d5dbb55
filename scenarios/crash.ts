import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

export const crash: Scenario = {
  name: 'crash',
  title:
    'A receiving adapter crashes while it hands an event over: before its application has taken it, and after; the next attempt fails',
  clauses: ['DEL-3', 'DLQ-4', 'DUP-2', 'ORD-1', 'AUD-1'],
  // A crash takes an attempt of all that the adapter has in hand: with a single one there is nothing to deliver again.
  applies: (flow) => isAtLeastOnce(flow) && flow.attempts > 1,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const keys = flow.pattern === 'ordered-stream' ? build.keys(2, to) : [];
    const messages = Array.from({ length: 8 }, (_, at) => {
      const key = keys[at % 2];
      return build.message({ to, ...(key === undefined ? {} : { key }) });
    });
    const [before, after] = [messages[2] ?? 0, messages[5] ?? 0];
    const only = flow.attempts > 2 ? undefined : build.random.pick([before, after]);
    // The attempt after a crash is not the first, whatever the adapter still knows.
    const fails = flow.attempts > 2 ? [{ status: 503 }] : [];
    if (only !== after)
      build.script(to.application, before, { status: 200, crash: 'before-effect' }, ...fails, { status: 200 });
    if (only !== before)
      build.script(to.application, after, { status: 200, crash: 'after-effect' }, ...fails, { status: 200 });
    build.sendInLanes(messages);
    return build.build();
  },
};
