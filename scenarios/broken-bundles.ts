import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { ContentFault, Step } from '../harness/model/workload.ts';

const faults = ['digest', 'size', 'absent'] as const;
/** Past every adapter the store itself may be wrong. */
const faultsOfStore = [...faults, 'bytes'] as const;

export const brokenBundles: Scenario = {
  name: 'broken-bundles',
  title:
    'Bundles whose contents are not what the manifest says, from the application and in the store, and others under the names of right ones',
  clauses: ['SCH-2', 'DEL-1', 'DEL-3', 'DLQ-1', 'DLQ-4', 'AUD-1', 'ENV-2', 'ENV-4', 'ENV-5'],
  applies: (flow) => flow.pattern === 'claim-check',
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const contents = (fault: ContentFault) =>
      build.contents(4096, 8192).map((content, at, all) => (at === all.length - 1 ? { ...content, fault } : content));
    const refused = build.lane(
      ...faults.map(
        (fault) => ({ do: 'send', message: build.message({ contents: contents(fault) }), persist: false }) as const,
      ),
    );
    // What is left of those is told from what others put there meanwhile.
    const afterRefused: Step = { do: 'wait', for: { until: 'lane', lane: refused } };
    build.lane(
      ...faultsOfStore.map((fault) => {
        // At the ceiling, so that a refusal under a lower marking shows.
        const headers = { 'ce-classification': flow.classification };
        return { do: 'inject', message: build.message({ headers, contents: contents(fault) }) } as const;
      }),
      afterRefused,
      { do: 'send', message: build.message() },
    );
    // What lies in the store already is not what its name says.
    const misplaced = build.message({ contents: build.contents(4096, 8192) });
    build.lane({ do: 'misplace', message: misplaced }, afterRefused, { do: 'send', message: misplaced });
    return build.build();
  },
};
