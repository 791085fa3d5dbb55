import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { receiversOf } from '../harness/generate/workload/filters.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isOrdered } from './conditions.ts';

export const gap: Scenario = {
  name: 'gap',
  title:
    'A sequence is left out: its key is parked, the others go on, and the key resumes once the missing one has come',
  clauses: ['ORD-1', 'ORD-2', 'DLQ-1', 'DLQ-4', 'AUD-1'],
  applies: isOrdered,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const [key = '', other = '', late = '', ahead = ''] = build.keys(4, build.random.pick(build.receivers));
    const sequence = Array.from({ length: 5 }, () => build.message({ key }));
    const [one, two, missing, four, five] = sequence;
    // Enough for a sequence of two figures to follow one of one.
    const others = Array.from({ length: 11 }, () => build.message({ key: other }));
    // Far ahead: more than 31 bits hold. Of this key there was nothing before.
    const far = build.message({ key: ahead, sequence: 2 ** 31 + 7 });
    // Of this key the very first is left out.
    const [begin, next] = [build.message({ key: late }), build.message({ key: late })];
    const send = (message: number | undefined) => ({ do: 'send', message: message ?? 0 }) as const;
    build.lane(
      send(one),
      send(two),
      send(four),
      send(five),
      { do: 'wait', for: { until: 'drained' } },
      send(missing),
      {
        do: 'wait',
        for: { until: 'drained' },
      },
      ...receiversOf(flow, key).map(({ application }) => ({ do: 'replay', application, key }) as const),
    );
    build.lane(...others.map(send));
    build.lane(send(far));
    build.lane(
      send(next),
      { do: 'wait', for: { until: 'drained' } },
      send(begin),
      { do: 'wait', for: { until: 'drained' } },
      ...receiversOf(flow, late).map(({ application }) => ({ do: 'replay', application, key: late }) as const),
    );
    return build.build();
  },
};
