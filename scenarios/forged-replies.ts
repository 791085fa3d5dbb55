import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { sends } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply } from './conditions.ts';
import { nameInCapitals, oneOfEach } from './violations.ts';

/** Deadline of the requests, in milliseconds after the trial's start: all of them are asked at once, and none is answered before. */
const deadlineMs = 3000;

export const forgedReplies: Scenario = {
  name: 'forged-replies',
  title:
    'Replies past every check of an answering adapter come to the asker, each breaking one header, the case of its name, one keyword or rule, and after each but one the right reply',
  clauses: ['SCH-2', 'REP-1'],
  applies: isRequestReply,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    for (const { application } of flow.receivers) build.instances(application, 0);
    const replies = flow.replies.filter((reply) => reply.name !== flow.refusal);
    const inCapitals = nameInCapitals.map((violation) => ({ type: build.random.pick(replies).name, violation }));
    const fates = [...oneOfEach(replies, build.random), ...inCapitals].map(({ type, violation }) => {
      const request = build.message({ expiresMs: deadlineMs });
      return { request, reply: build.reply(request, { type, violation }) };
    });
    for (const { request } of fates) build.lane({ do: 'send', message: request });
    const inject = (request: number, message: number) => ({ do: 'inject-reply', message, request }) as const;
    const forged = fates.map(({ request, reply }) => ({ ...inject(request, reply), straight: true }) as const);
    const right = fates.slice(1).map(({ request }) => inject(request, build.reply(request)));
    build.lane(...forged, ...right);
    return build.build();
  },
};
