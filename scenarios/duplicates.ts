import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Step } from '../harness/model/workload.ts';
import { isStream } from './conditions.ts';

/** Dedupe windows below this are met again and again, so many times more. */
const shortWindowMs = 2000;
const moreAtOnce = 5;
/** How long an application takes over an event that comes twice at once. */
const slowMs = 250;

export const duplicates: Scenario = {
  name: 'duplicates',
  title: 'The same event is sent again: at once, just under the dedupe window, and 100 ms over it',
  clauses: ['DUP-1', 'DUP-2', 'DLQ-4', 'AUD-1'],
  applies: isStream,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const windowMs = flow.dedupeWindowMs ?? 0;
    const again = (after: number): void => {
      const message = build.message();
      build.lane(
        { do: 'send', message },
        { do: 'wait', for: { until: 'since-sent', message, ms: after } },
        { do: flow.pattern === 'last-value' ? 'inject' : 'send', message },
      );
    };
    again(0);
    // A window that is over almost at once is met by chance: then by more of them, one after the other.
    if (windowMs < shortWindowMs) {
      const more = build.messages(moreAtOnce);
      build.lane(
        ...more.flatMap((message): Step[] => [
          { do: 'send', message },
          { do: flow.pattern === 'last-value' ? 'inject' : 'send', message },
        ]),
      );
    }
    again(windowMs * 0.9);
    again(windowMs + 100);
    // Stored again past the window, by an adapter or by the harness: its consumers must know it.
    const injected = build.message();
    build.lane(
      { do: 'send', message: injected },
      { do: 'wait', for: { until: 'since-sent', message: injected, ms: 0 } },
      { do: 'inject', message: injected, messageId: `again ${build.planned(injected).id}` },
    );
    // And once others have come between.
    const to = build.random.pick(build.receivers);
    const [kept = 0, ...between] = build.messages(5, { to });
    build.lane(
      ...[kept, ...between].map((message) => ({ do: 'send', message }) as const),
      ...between.map(
        (message) =>
          ({ do: 'wait', for: { until: 'delivered', application: to.application, message, times: 1 } }) as const,
      ),
      { do: 'inject', message: kept, messageId: `again ${build.planned(kept).id}` },
    );
    // Twice at once, while the first is with its application.
    const slow = build.message({ to });
    build.script(to.application, slow, { status: 200, delayMs: slowMs });
    build.lane(
      { do: 'send', message: slow },
      { do: 'inject', message: slow, messageId: `at once ${build.planned(slow).id}` },
    );
    return build.build();
  },
};
