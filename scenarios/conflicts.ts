import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { mayBeId } from '../harness/generate/workload/ids.ts';
import { oneBody } from '../harness/generate/workload/one-body.ts';
import type { Flow } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isStream } from './conditions.ts';

const isUnordered = ({ pattern, delivery }: Flow): boolean =>
  delivery === 'at-least-once' && (pattern === 'fan-out' || pattern === 'work-queue');

export const conflicts: Scenario = {
  name: 'conflicts',
  title:
    'An id comes a second time with other content, with the same in another writing, or with the same body under another type: from the sender inside and outside the dedupe window, and past its check',
  clauses: ['DUP-3', 'DLQ-4'],
  applies: isStream,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const windowMs = flow.dedupeWindowMs ?? 0;
    // As long as the other, where the schema leaves room for a difference.
    const sent = build.message({ payload: { '/conflicting': 'once' } });
    const other = build.conflicting(sent);
    build.lane(
      { do: 'send', message: sent },
      { do: 'send', message: other, persist: false },
      { do: 'send', message: build.rewritten(sent), persist: false },
    );
    const old = build.message();
    build.lane(
      { do: 'send', message: old },
      { do: 'wait', for: { until: 'since-sent', message: old, ms: windowMs + 100 } },
      { do: 'send', message: build.conflicting(old), persist: false },
    );
    // And on another subject of the stream, where the type is part of it.
    const another = build.message();
    const { id, application, type, key } = build.planned(another);
    for (const message of flow.messages.filter(({ name }) => name !== type).slice(0, 1)) {
      if (!mayBeId(message, id)) continue;
      const options = flow.key === undefined ? {} : { key };
      build.lane(
        { do: 'send', message: another },
        { do: 'send', message: build.message({ type: message.name, id, application, ...options }), persist: false },
      );
    }
    const to = build.random.pick(build.receivers);
    // And with the same body, which is one of the other type as well.
    const types = isUnordered(flow) ? oneBody(flow, to) : undefined;
    if (types !== undefined) {
      const one = build.message({ to, type: types.first.name, contains: types.contains, smallest: true });
      const { id } = build.planned(one);
      const other = build.message({ to, type: types.second.name });
      if (mayBeId(types.second, id))
        build.change(other, { ...build.planned(one), type: types.second.name, bodyAs: types.first.name });
      build.lane(
        { do: 'send', message: one },
        { do: 'wait', for: { until: 'delivered', application: to.application, message: one, times: 1 } },
        { do: 'inject', message: other, messageId: `other type ${id}` },
        { do: 'send', message: other, persist: false },
      );
    }
    const known = build.message({ to });
    build.lane(
      { do: 'send', message: known },
      { do: 'wait', for: { until: 'delivered', application: to.application, message: known, times: 1 } },
      { do: 'inject', message: build.conflicting(known), messageId: `other ${build.planned(known).id}` },
      { do: 'inject', message: build.rewritten(known), messageId: `rewritten ${build.planned(known).id}` },
      // What is wrong with it is looked at before what its id was.
      {
        do: 'inject',
        message: build.message({
          to,
          type: build.planned(known).type,
          application: build.planned(known).application,
          id: build.planned(known).id,
          key: build.planned(known).key,
          violation: { kind: 'header', header: 'ce-dataschema', how: 'not-allowed' },
        }),
        messageId: `invalid ${build.planned(known).id}`,
      },
      // What was taken is still what it was.
      { do: 'inject', message: known, messageId: `again ${build.planned(known).id}` },
    );
    return build.build();
  },
};
