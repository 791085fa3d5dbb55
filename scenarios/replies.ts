import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { mayBeId } from '../harness/generate/workload/ids.ts';
import { messageOf, sends } from '../harness/model/flow.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import { isRequestReply } from './conditions.ts';

/** Characters of an id that can be refused, at most. */
const longestId = 120;
/** Deadline of a request that is to go unanswered in time, in milliseconds after the trial's start. */
const deadlineMs = 2000;
/** The same of a request that is answered when four fifths of the time have passed: what is left is time enough for an adapter. */
const lastMomentMs = 4000;

export const answerKinds: Scenario = {
  name: 'answer-kinds',
  title:
    'The answering application answers, refuses by an event, rejects, fails in every way, answers without an event, and is slower than the deadline',
  clauses: ['REP-1', 'ENV-2', 'ENV-3', 'ENV-4', 'ENV-5', 'DEL-5'],
  applies: isRequestReply,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const requests = build.messages(3);
    const refused = build.message();
    build.scriptAll(refused, { status: 200, reply: build.reply(refused, { refuse: true }) });
    // At the ceiling, so that a refusal under a lower marking shows.
    const headers = { 'ce-classification': flow.classification };
    const statuses = [400, 404, 422, 500, 503, 408, 429, 302, 0, 200].map((status) => {
      const request = build.message({ headers });
      // What is refused has an id as long as one may be.
      const { id, type } = build.planned(request);
      const long = id.padEnd(longestId, 'x');
      if (mayBeId(messageOf(flow, type), long)) build.change(request, { id: long });
      build.scriptAll(request, { status });
      return request;
    });
    // Only a 200 answers, whatever else comes with an event.
    const accepted = [201, 202].map((status) => {
      const request = build.message();
      build.scriptAll(request, { status, reply: build.reply(request) });
      return request;
    });
    const slow = build.message({ expiresMs: deadlineMs });
    build.scriptAll(slow, { status: 200, delayMs: deadlineMs + 200, reply: build.reply(slow) });
    // First of its lane: no other answer is to keep it waiting past its deadline.
    build.sendInLanes([slow, ...requests, refused, ...statuses, ...accepted]);
    return build.build();
  },
};

export const lateReplies: Scenario = {
  name: 'late-replies',
  title: 'Replies come after their request’s deadline, and one shortly before',
  clauses: ['REP-1', 'REP-2'],
  applies: isRequestReply,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    for (const { application } of flow.receivers) build.instances(application, 0);
    for (let at = 0; at < 2; at++) {
      const request = build.message({ expiresMs: deadlineMs });
      build.lane({ do: 'send', message: request });
      build.lane(
        { do: 'wait', for: { until: 'elapsed', ms: deadlineMs + 150 } },
        { do: 'inject-reply', message: build.reply(request), request },
      );
    }
    const request = build.message({ expiresMs: lastMomentMs });
    build.lane({ do: 'send', message: request });
    build.lane(
      { do: 'wait', for: { until: 'elapsed', ms: lastMomentMs * 0.8 } },
      { do: 'inject-reply', message: build.reply(request), request },
    );
    return build.build();
  },
};

export const misdirectedReplies: Scenario = {
  name: 'misdirected-replies',
  title: 'The reply to one request is sent to the asker of another, and then one of them has its own',
  clauses: ['REP-1', 'REP-2'],
  applies: isRequestReply,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    for (const { application } of flow.receivers) build.instances(application, 0);
    const [one, other] = build.messages(2, { expiresMs: deadlineMs });
    if (one === undefined || other === undefined) throw new RangeError('two requests were planned');
    build.lane({ do: 'send', message: one });
    build.lane({ do: 'send', message: other });
    build.lane(
      { do: 'inject-reply', message: build.reply(one), request: other, straight: true },
      { do: 'inject-reply', message: build.reply(other), request: one, straight: true },
      { do: 'inject-reply', message: build.reply(one), request: one },
      // And another to one that was answered: nobody waits for it any more.
      { do: 'wait', for: { until: 'elapsed', ms: deadlineMs / 2 } },
      { do: 'inject-reply', message: build.reply(one), request: one, straight: true },
    );
    return build.build();
  },
};

export const noResponder: Scenario = {
  name: 'no-responder',
  title: 'Requests are made while no answering adapter runs, and again once one does',
  clauses: ['REP-1', 'REP-3'],
  applies: isRequestReply,
  tries: sends,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const { application } = build.random.pick(build.receivers);
    build.lane(
      ...flow.receivers.map((receiver) => ({ do: 'stop', application: receiver.application, instance: 0 }) as const),
      // The bus takes a moment to know that they have gone.
      { do: 'wait', for: { until: 'since-first-steps', ms: 500 } },
      ...build.messages(3, { expiresMs: 4000 }).map((message) => ({ do: 'send', message }) as const),
      { do: 'start', application, instance: 0 },
      ...build.messages(2).map((message) => ({ do: 'send', message }) as const),
    );
    return build.build();
  },
};
