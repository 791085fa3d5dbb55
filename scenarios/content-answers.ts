import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { PlannedContent } from '../harness/model/workload.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isAtLeastOnce } from './conditions.ts';

/** The last is no answer: the connection is broken off. */
const failures = [500, 503, 408, 429, 302, 0] as const;
const rejections = [400, 403, 409, 410, 422, 451] as const;
const contentBytes = 4096;

export const contentAnswers: Scenario = {
  name: 'content-answers',
  title:
    'Applications fail for now, or reject, when they are asked for the content of a bundle, and when they are given it',
  clauses: ['SCH-1', 'SCH-2', 'SCH-3', 'DEL-1', 'DEL-3', 'DLQ-1', 'DLQ-2', 'DLQ-4', 'DUP-2'],
  applies: (flow) => flow.pattern === 'claim-check' && isAtLeastOnce(flow) && flow.attempts > 1,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    // The last of the contents: what stands before it is given and taken.
    const bundle = (last: Partial<PlannedContent>): number =>
      build.message({
        contents: build
          .contents(contentBytes, contentBytes)
          .map((content, at, all) => (at === all.length - 1 ? { ...content, ...last } : content)),
      });
    const refused = (status: number): number => bundle({ fault: 'refused', answers: [status] });
    build.lane(...rejections.map((status) => ({ do: 'send', message: refused(status), persist: false }) as const));
    build.lane(...rejections.map((status) => ({ do: 'inject', message: refused(status) }) as const));
    // What fails is asked for again by who sends it, and given again by who receives it.
    const failing = (): readonly number[] => failures.map((status) => bundle({ answers: [status] }));
    build.lane(...failing().map((message) => ({ do: 'inject', message }) as const));
    build.sendInLanes(failing());
    return build.build();
  },
};
