import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { wantedOf } from '../harness/generate/workload/filters.ts';
import type { Flow, Receiver } from '../harness/model/flow.ts';
import { isAtLeastOnce, isLastValue } from './conditions.ts';

/** How late a publish comes to the bus: time enough for another. */
const delayMs = 400;

export const outOfOrder: Scenario = {
  name: 'out-of-order',
  title:
    'Older values come after newer ones: from their sender, past its check, and between its look at the last one and its publish',
  clauses: ['ORD-4', 'DEL-2', 'DLQ-4'],
  applies: isLastValue,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed).watchWire();
    for (let count = 0; count < 2; count++) {
      const to = build.random.pick(build.receivers);
      const [key = ''] = build.keys(1, to);
      const type = build.planned(build.message({ to, key })).type;
      const at = (timeMs: number, of = type): number => build.message({ to, key, type: of, timeMs });
      const [first, newest, older, oldest, last] = [at(-50_000), at(-20_000), at(-20_001), at(-20_002), at(-19_999)];
      const asNew = at(-20_000);
      build.lane(
        { do: 'send', message: first },
        { do: 'send', message: newest },
        { do: 'wait', for: { until: 'delivered', application: to.application, message: newest, times: 1 } },
        // Of another type it is no older value of this one.
        ...others(flow, to, type).map((other) => ({ do: 'send', message: at(-30_000, other) }) as const),
        { do: 'send', message: older, persist: false },
        { do: 'send', message: asNew, persist: false },
        { do: 'inject', message: oldest },
        { do: 'send', message: last },
      );
    }
    overtaken(build);
    if (!isAtLeastOnce(flow) || flow.attempts < 2) return build.build();
    // What was handed over and failed is the newest all the same: nothing older comes between its attempts.
    const to = build.random.pick(build.receivers);
    const [key = ''] = build.keys(1, to);
    const failing = build.message({ to, key, timeMs: -20_000 });
    const older = build.message({ to, key, type: build.planned(failing).type, timeMs: -20_001 });
    build.script(to.application, failing, { status: 503 }, { status: 200 });
    build.lane(
      { do: 'send', message: failing },
      { do: 'wait', for: { until: 'delivered', application: to.application, message: failing, times: 1 } },
      { do: 'inject', message: older },
    );
    return build.build();
  },
};

/** A value that comes to the bus only once another has, which is older, and newer than the last one when its adapter looked. */
function overtaken(build: WorkloadBuilder): void {
  const to = build.random.pick(build.receivers);
  const [key = ''] = build.keys(1, to);
  const first = build.message({ to, key, timeMs: -50_000 });
  const { type } = build.planned(first);
  const [between, newest] = [-20_001, -20_000].map((timeMs) => build.message({ to, key, type, timeMs }));
  build.wire({ kind: 'delay-publish', message: newest ?? 0, delayMs });
  build.lane({ do: 'send', message: first }, { do: 'send', message: newest ?? 0, persist: false });
  build.lane(
    { do: 'wait', for: { until: 'since-sent', message: first, ms: delayMs / 2 } },
    { do: 'inject', message: between ?? 0 },
  );
}

/** Another type that a receiver wants, if there is one. */
function others(flow: Flow, to: Receiver, type: string): readonly string[] {
  const wanted = wantedOf(flow, to, 'ce-type');
  const names = flow.messages.map(({ name }) => name);
  return names.filter((name) => name !== type && (wanted?.includes(name) ?? true)).slice(0, 1);
}
