import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';

/** How far above the limit a body is that the bus itself must refuse: more than it allows for headers. */
const farAboveBytes = 64 * 1024;
/** What has more bytes than characters: with it, a body one byte too long is not one character too long. */
const payload = { '/addedLater': 'Łódź 東京 🚓' };

export const sizeLimits: Scenario = {
  name: 'size-limits',
  title: 'Bodies of exactly the limit and of one byte more are sent, and put on the bus past the check',
  clauses: ['SCH-4'],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const atLimit = [
      build.message({ payload, bodyBytes: flow.maxBytes }),
      build.message({ payload, bodyBytes: flow.maxBytes - 1 }),
    ];
    const over = build.message({ payload, violation: { kind: 'size' } });
    build.sendInLanes([...atLimit, over], { persist: false });
    if (flow.stream !== undefined) {
      build.lane(
        { do: 'inject', message: build.message({ payload, violation: { kind: 'size' } }) },
        // Far above: what only the bus itself can refuse.
        {
          do: 'inject',
          message: build.message({ payload, violation: { kind: 'size' }, bodyBytes: flow.maxBytes + farAboveBytes }),
        },
        { do: 'inject', message: build.message({ payload, bodyBytes: flow.maxBytes }) },
      );
    }
    return build.build();
  },
};
