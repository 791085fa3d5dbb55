import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { otherCase, otherSource } from '../harness/generate/workload/alike.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { mayBeId } from '../harness/generate/workload/ids.ts';
import { messageOf } from '../harness/model/flow.ts';
import { isAtLeastOnce, isLastValue } from './conditions.ts';

/** What a path, a query, an escape, a form or a name in it would be taken for. */
const oddEnd = '/../?a=1#%41&+;';

export const lookalikes: Scenario = {
  name: 'lookalikes',
  title:
    'Different events that are much alike: ids that differ in case or in what a URL reads otherwise, one id from two sources, one content under two ids',
  clauses: ['DEL-1', 'DEL-3', 'DLQ-4'],
  applies: isAtLeastOnce,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const first = build.message({ to });
    const { type, application, payloadSeed } = build.planned(first);
    const alike: number[] = [];
    const turned = otherCase(flow, build.planned(first));
    if (turned !== undefined) alike.push(build.message({ to, type, application, id: turned }));
    const odd = `${build.planned(first).id}${oddEnd}`;
    if (mayBeId(messageOf(flow, type), odd)) alike.push(build.message({ to, type, application, id: odd }));
    // The objects of a bundle are named by its id alone.
    const source = flow.pattern === 'claim-check' ? undefined : otherSource(flow, build.planned(first));
    if (source !== undefined) {
      const headers = { 'ce-source': source };
      const { id, key } = build.planned(first);
      // Of a last value under the same key: there the bus has it at hand.
      const where = isLastValue(flow) ? { key } : {};
      alike.push(build.message({ to, type, application, id, headers, ...where }));
    }
    const same = build.message({ to, type, application });
    build.change(same, { payloadSeed, payload: build.planned(first).payload });
    // One after another, so that what came before is remembered.
    build.lane(
      { do: 'send', message: first },
      { do: 'wait', for: { until: 'delivered', application: to.application, message: first, times: 1 } },
      ...[...alike, same].map((message) => ({ do: 'send', message }) as const),
    );
    return build.build();
  },
};
