import { stimuliOf } from '../harness/generate/pacts/stimuli.ts';
import { generatedContents } from '../harness/generate/pacts/generate.ts';
import { breachesOf } from '../harness/generate/pacts/variants.ts';
import { expectedHeaders } from '../harness/generate/pacts/headers.ts';
import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { messageOf, sends, type Flow, type Service } from '../harness/model/flow.ts';
import type { Interaction, Pact } from '../harness/model/pact.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { PactUse } from '../harness/model/workload.ts';
import { isRequestReply } from './conditions.ts';

/** Deadline of a request, in milliseconds after the trial's start. */
const patienceMs = 24_000;

/** An interaction with the pact that it is of. */
interface Expected {
  readonly pact: Pact;
  readonly index: number;
  readonly interaction: Interaction;
}

export const pactProvider: Scenario = {
  name: 'pact-provider',
  title: 'Providers send what their contract says, in each state that a pact asks for; Pact judges what arrives',
  clauses: ['CON-1', 'CON-2'],
  applies: (flow) => flow.pacts !== undefined,
  // Requests that break a pact go past the asker; what is sent as it says shows nothing of who receives it.
  tries: (flow, application) => isRequestReply(flow) || sends(flow, application),
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    const expected = (flow.pacts ?? []).flatMap((pact) =>
      pact.interactions.map((interaction, index) => ({ pact, index, interaction })),
    );
    if (flow.pattern === 'request-reply') for (const each of expected) ask(build, service, flow, each);
    else send(build, service, flow, expected);
    return build.limit(30_000).build();
  },
};

const use = (part: string, ...of: readonly Expected[]): PactUse => ({
  as: 'stimulus',
  of: of.map(({ pact, index }) => ({ pact: pact.name, interaction: index, part })),
});

/** Interactions that are about the same message in the same states, for whom the same subjects are meant, share their messages. */
function send(build: WorkloadBuilder, service: Service, flow: Flow, expected: readonly Expected[]): void {
  const filterOf = (consumer: string): string =>
    JSON.stringify(flow.receivers.find(({ application }) => application === consumer)?.filter ?? {});
  const groups = Map.groupBy(expected, ({ pact, interaction }) =>
    JSON.stringify([pact.provider, interaction.message.type, interaction.states, filterOf(pact.consumer)]),
  );
  const messages = [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { pact, interaction } = first;
    const message = messageOf(flow, interaction.message.type);
    const receiver = flow.receivers.find(({ application }) => application === pact.consumer);
    return stimuliOf(service, flow, message, interaction.states, receiver, build.random).map((stimulus) =>
      build.message({
        type: message.name,
        application: pact.provider,
        ...(receiver === undefined ? {} : { to: receiver }),
        ...stimulus,
        ...(flow.bucket === undefined ? {} : { contents: build.contents(1024) }),
        pact: use('message', ...group),
      }),
    );
  });
  build.sendInLanes(messages);
}

/**
 * The consumer asks as its pact says; the provider answers as its contract says, with each kind of reply that the pact expects. A
 * request that breaks the contract where the pact speaks is put on the bus past the consumer's check.
 */
function ask(build: WorkloadBuilder, service: Service, flow: Flow, expected: Expected): void {
  const { pact, interaction } = expected;
  const request = interaction.message;
  const message = messageOf(flow, request.type);
  const requests = interaction.responses.flatMap((response, nth) => {
    const part = interaction.responses.length === 1 ? 'response' : `response ${String(nth + 1)}`;
    const reply = messageOf(flow, response.type);
    return stimuliOf(service, flow, reply, interaction.states, undefined, build.random).map((stimulus, at) => {
      const index = build.message({
        type: message.name,
        application: pact.consumer,
        headers: expectedHeaders(request, interaction.states, build.random),
        contains: generatedContents(request, interaction.states, build.random) ?? {},
        expiresMs: patienceMs,
        pact: use('request', ...(nth === 0 && at === 0 ? [expected] : [])),
      });
      const answer = build.reply(index, {
        type: reply.name,
        application: pact.provider,
        ...stimulus,
        pact: use(part, expected),
      });
      build.scriptAll(index, { status: 200, reply: answer });
      return index;
    });
  });
  build.sendInLanes(requests);
  const broken = breachesOf(message, request, build.random).map((violation) =>
    build.message({
      type: message.name,
      application: pact.consumer,
      headers: expectedHeaders(request, interaction.states, build.random),
      contains: request.contents ?? {},
      violation,
      expiresMs: patienceMs,
      pact: { ...use('request', expected), as: 'broken' },
    }),
  );
  build.lane(...broken.map((planned) => ({ do: 'inject', message: planned }) as const));
}
