import { breakableRules } from '../harness/generate/events/breakable-rules.ts';
import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { Violation } from '../harness/model/workload.ts';

/** A field that nobody declared has room for a canary where no declared one has. */
const payload = { '/addedLater': 'to be marked' };

export const canaries: Scenario = {
  name: 'canaries',
  title:
    'Events full of marked personal data are accepted, rejected, refused and conflict; then everything that is kept is searched',
  clauses: ['ENV-7', 'AUD-2', 'AUD-3', 'AUD-4'],
  applies: () => true,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const ordered = flow.pattern === 'ordered-stream';
    const messages = flow.receivers.flatMap((to) => {
      const accepted = build.message({ to, payload });
      const rejected = build.message({ to, payload });
      if (flow.stream !== undefined) build.script(to.application, rejected, { status: 422 });
      return [accepted, rejected];
    });
    // What one type holds another may not: each at least once, whoever it is for.
    for (const { name } of flow.messages) messages.push(build.message({ type: name, payload }));
    build.sendInLanes(messages);
    if (flow.stream !== undefined) {
      const twice = build.message({ payload });
      build.lane({ do: 'send', message: twice }, { do: 'send', message: build.conflicting(twice), persist: false });
    }
    const [first] = flow.messages;
    if (first !== undefined) {
      const [rule] = breakableRules(first);
      const violation: Violation =
        rule === undefined
          ? { kind: 'header', header: 'ce-classification', how: 'not-allowed' }
          : { kind: 'rule', rule };
      const options = { payload, violation, type: first.name };
      build.lane({ do: 'send', message: build.message(options), persist: false });
      if (flow.stream !== undefined && !ordered) build.lane({ do: 'inject', message: build.message(options) });
    }
    return build.build();
  },
};
