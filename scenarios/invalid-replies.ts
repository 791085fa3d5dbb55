import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { oneOfEach, withoutName } from './violations.ts';
import { isRequestReply } from './conditions.ts';

export const invalidReplies: Scenario = {
  name: 'invalid-replies',
  title: 'The answering application answers with replies that break one header, keyword or rule each',
  clauses: ['SCH-1', 'SCH-3', 'REP-1', 'ENV-2'],
  applies: isRequestReply,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const replies = flow.replies.filter((reply) => reply.name !== flow.refusal);
    const nameless = withoutName.map((violation) => ({ type: build.random.pick(replies).name, violation }));
    const requests = [...oneOfEach(replies, build.random), ...nameless].map(({ type, violation }) => {
      const request = build.message();
      build.scriptAll(request, { status: 200, reply: build.reply(request, { type, violation }) });
      return request;
    });
    build.sendInLanes([...requests, build.message()]);
    return build.build();
  },
};
