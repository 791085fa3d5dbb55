import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { receives } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

/** How long one bundle lives after the trial's start; what its application takes over its contents at least, and over one at most, in milliseconds. */
const lifeMs = 3000;
const leastMs = 4500;
const mostMs = 15_000;
const contentBytes = 4096;

export const slowContents: Scenario = {
  name: 'slow-contents',
  title: 'Applications take longer over a content than the ack wait, and a bundle expires meanwhile',
  clauses: ['DEL-4', 'DEL-6', 'DLQ-4'],
  applies: (flow) => flow.pattern === 'claim-check' && isAtLeastOnce(flow),
  tries: receives,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    const to = build.random.pick(flow.receivers);
    // An adapter need not wait longer for one answer: where durations are as declared, several contents outlast the ack wait.
    const allMs = Math.max(leastMs, 1.5 * (flow.ackWaitMs ?? 0));
    const items = Math.ceil(allMs / mostMs);
    const sizes = Array.from({ length: items }, () => contentBytes);
    const slow = () => build.contents(...sizes).map((content) => ({ ...content, takesMs: allMs / items }));
    const lives = flow.expiryMs === undefined ? [{}] : [{ expiresMs: lifeMs }, {}];
    for (const life of lives) build.lane({ do: 'inject', message: build.message({ to, contents: slow(), ...life }) });
    return build.build();
  },
};
