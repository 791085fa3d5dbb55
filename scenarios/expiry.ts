import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply } from './conditions.ts';

/** How long an event that is to expire lives after the trial's start, in milliseconds. */
const lifeMs = 1500;

/** Names another schema than that of its payload. */
const anotherSchema = { kind: 'header', header: 'ce-dataschema', how: 'not-allowed' } as const;

/** How long one more has to live once its receiver is back. */
const soonMs = 900;

export const expiry: Scenario = {
  name: 'expiry',
  title:
    'Events expire while their receiver is away, one is past its expiry before it is sent, and another is invalid besides',
  clauses: ['DEL-6', 'DLQ-1', 'DLQ-4', 'AUD-1'],
  applies: (flow) => flow.expiryMs !== undefined && flow.stream !== undefined,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const to = build.random.pick(build.receivers);
    const { application } = to;
    const expiring = build.messages(3, { to, expiresMs: lifeMs });
    const living = build.messages(2, { to });
    // Written in the time of another place: who overlooks that takes it for one to come.
    const late = build.message({ to, expiresMs: -1000, expiryZone: 1 });
    // Still alive when it comes, if not for long.
    const soon = build.message({ to, expiresMs: lifeMs + 100 + soonMs });
    build.lane(
      { do: 'stop', application, instance: 0 },
      ...[...expiring, ...living].map((message) => ({ do: 'send', message }) as const),
      { do: 'wait', for: { until: 'elapsed', ms: lifeMs + 100 } },
      { do: 'start', application, instance: 0 },
      { do: 'send', message: soon, persist: false },
      { do: 'send', message: late, persist: false },
      { do: 'inject', message: build.message({ to, expiresMs: -500, expiryZone: 1 }) },
      // What is wrong with it is looked at first.
      { do: 'inject', message: build.message({ to, expiresMs: -500, violation: anotherSchema }) },
    );
    return build.build();
  },
};

export const expiredRequests: Scenario = {
  name: 'expired-requests',
  title: 'Requests are past their deadline when they are sent, or when they reach the answering adapter',
  clauses: ['DEL-6', 'REP-1'],
  applies: isRequestReply,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    build.lane(
      { do: 'send', message: build.message({ expiresMs: -1000, expiryZone: 1 }), persist: false },
      { do: 'inject', message: build.message({ expiresMs: -500, expiryZone: 1 }) },
      { do: 'send', message: build.message() },
    );
    return build.build();
  },
};
