import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Flow } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isStream } from './conditions.ts';

/** The last is a 4xx that nobody has given a name to. */
const refusals = [400, 404, 409, 410, 422, 401, 403, 425, 451, 499] as const;

/** An event is rejected, its dead letter put back, and accepted then: it is handed over again, whatever is remembered of it. */
function putBack(build: WorkloadBuilder, flow: Flow): void {
  const to = build.random.pick(build.receivers);
  const message = build.message({ to });
  const { key } = build.planned(message);
  const kept = flow.badInput === 'dead-letter' && flow.delivery === 'at-least-once';
  // Of last values a newer one may have taken its place.
  if (!kept || flow.pattern === 'last-value') return;
  const { application } = to;
  build.script(application, message, { status: 422 }, { status: 200 });
  build.lane(
    { do: 'send', message },
    { do: 'wait', for: { until: 'drained' } },
    { do: 'replay', application, ...(key === '' ? {} : { key }) },
  );
}

export const rejected: Scenario = {
  name: 'rejected',
  title: 'Receiving applications reject some events for good, with every kind of 4xx, and accept the others',
  clauses: ['DLQ-1', 'DLQ-4', 'AUD-1', 'AUD-4'],
  applies: isStream,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    // Each refusal is met by somebody, and by everybody under test, whatever the seed.
    const each = build.receivers.length === 1 ? refusals.length : Math.ceil(refusals.length / flow.receivers.length);
    const start = build.random.integer(0, refusals.length - 1);
    const messages = flow.receivers.flatMap((to, receiver) => [
      ...Array.from({ length: each }, (_, at) => {
        const message = build.message({ to });
        const status = refusals[(start + receiver * each + at) % refusals.length] ?? 400;
        build.script(to.application, message, { status });
        return message;
      }),
      build.message({ to }),
    ]);
    build.sendInLanes(messages);
    putBack(build, flow);
    return build.build();
  },
};
