import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

/** The last is no answer: the connection is broken off. */
const failures = [500, 503, 408, 429, 302, 501, 505, 0] as const;

export const retried: Scenario = {
  name: 'retried',
  title:
    'Receiving applications fail for now, or break the connection off, and accept at a later attempt, up to the last one',
  clauses: ['DEL-3', 'DLQ-2', 'DLQ-4', 'DUP-2', 'ORD-1', 'AUD-1'],
  applies: (flow) => isAtLeastOnce(flow) && flow.attempts > 1,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    // Each failure is met, and by who is under test alone each of them, whatever the seed.
    const once = build.receivers.length === 1 ? Math.max(1, failures.length - (flow.attempts - 1)) : 1;
    let next = build.random.integer(0, failures.length - 1);
    const fail = (): { status: number } => ({ status: failures[next++ % failures.length] ?? 500 });
    const messages = flow.receivers.flatMap((to) => {
      const firsts = Array.from({ length: once }, () => build.message({ to }));
      const { key } = build.planned(firsts[0] ?? 0);
      const second = build.message({ to, ...(flow.pattern === 'ordered-stream' ? { key } : {}) });
      const last = build.message({ to });
      for (const first of firsts) build.script(to.application, first, fail(), { status: 204 });
      // Any 2xx accepts.
      build.script(to.application, second, { status: 299 });
      build.script(to.application, last, ...Array.from({ length: flow.attempts - 1 }, fail), { status: 201 });
      return [...firsts, second, last];
    });
    build.sendInLanes(messages);
    return build.build();
  },
};
