import { generatedContents } from '../harness/generate/pacts/generate.ts';
import { allowedHeaders, expectedHeaders } from '../harness/generate/pacts/headers.ts';
import { allowedContents, breachesOf } from '../harness/generate/pacts/variants.ts';
import { WorkloadBuilder } from '../harness/generate/workload-builder.ts';
import { messageOf, type Flow } from '../harness/model/flow.ts';
import type { Interaction, Pact } from '../harness/model/pact.ts';
import type { Scenario } from '../harness/model/scenario.ts';
import type { PactUse } from '../harness/model/workload.ts';

/** Deadline of a request whose reply is to be refused, in milliseconds after the trial's start. */
const deadlineMs = 3000;

export const pactConsumer: Scenario = {
  name: 'pact-consumer',
  title: 'Consumers get what their pacts expect, variants that the rules allow, and messages that break them',
  clauses: ['CON-2'],
  applies: (flow) => flow.pacts !== undefined,
  workload: (service, flow, seed) => {
    const build = new WorkloadBuilder(service, flow, seed);
    for (const pact of flow.pacts ?? []) {
      for (const [index, interaction] of pact.interactions.entries()) {
        if (flow.pattern === 'request-reply') answer(build, flow, pact, index, interaction);
        else publish(build, flow, pact, index, interaction);
      }
    }
    if (flow.pattern === 'request-reply') {
      for (const { application } of flow.receivers) build.instances(application, 0);
    }
    return build.build();
  },
};

const use = (as: PactUse['as'], pact: Pact, interaction: number, part: string): PactUse => ({
  as,
  of: [{ pact: pact.name, interaction, part }],
});

/** The provider publishes what the pact allows; what breaks it is put on the bus past the provider's check. */
function publish(
  build: WorkloadBuilder,
  flow: Flow,
  pact: Pact,
  index: number,
  { message: part, states }: Interaction,
): void {
  const message = messageOf(flow, part.type);
  const to = flow.receivers.find(({ application }) => application === pact.consumer);
  const allowed = allowedContents(message, part, states, build.random);
  // What is pending may ask for what no message can be.
  if (allowed === undefined || to === undefined) return;
  const common = {
    type: message.name,
    to,
    application: pact.provider,
    headers: expectedHeaders(part, states, build.random),
    ...(flow.bucket === undefined ? {} : { contents: build.contents(1024) }),
  };
  const sent = allowed.map((contains, at) =>
    build.message({
      ...common,
      ...(at === 0 ? {} : { headers: allowedHeaders(flow, message, part, states, build.random) }),
      contains,
      pact: use(at === 0 ? 'example' : 'variant', pact, index, 'message'),
    }),
  );
  build.sendInLanes(sent);
  const broken = breachesOf(message, part, build.random).map((violation) =>
    build.message({
      ...common,
      contains: part.contents ?? {},
      violation,
      pact: use('broken', pact, index, 'message'),
    }),
  );
  build.lane(...broken.map((planned) => ({ do: 'inject', message: planned }) as const));
}

/** The consumer asks through its adapter, and the harness answers on the wire: as the pact expects, or with what breaks it. */
function answer(build: WorkloadBuilder, flow: Flow, pact: Pact, index: number, interaction: Interaction): void {
  const { message: request, states } = interaction;
  const asked = messageOf(flow, request.type);
  for (const [nth, response] of interaction.responses.entries()) {
    const part = interaction.responses.length === 1 ? 'response' : `response ${String(nth + 1)}`;
    const message = messageOf(flow, response.type);
    const allowed = allowedContents(message, response, states, build.random);
    if (allowed === undefined) continue;
    const exchange = (replied: Parameters<WorkloadBuilder['reply']>[1]): void => {
      const correlation = `correlation-${build.random.text(12, '0123456789abcdef')}`;
      const question = build.message({
        type: asked.name,
        application: pact.consumer,
        headers: { ...expectedHeaders(request, states, build.random), 'ce-correlationid': correlation },
        contains: generatedContents(request, states, build.random) ?? {},
        ...(replied?.violation === undefined ? {} : { expiresMs: deadlineMs }),
      });
      const reply = build.reply(question, {
        type: message.name,
        application: pact.provider,
        ...replied,
        headers: {
          ...(replied?.pact?.as === 'variant'
            ? allowedHeaders(flow, message, response, states, build.random)
            : expectedHeaders(response, states, build.random)),
          'ce-correlationid': correlation,
        },
      });
      build.lane({ do: 'send', message: question });
      build.lane({ do: 'inject-reply', message: reply, request: question });
    };
    for (const [at, contains] of allowed.entries()) {
      exchange({ contains, pact: use(at === 0 ? 'example' : 'variant', pact, index, part) });
    }
    for (const violation of breachesOf(message, response, build.random)) {
      exchange({ contains: response.contents ?? {}, violation, pact: use('broken', pact, index, part) });
    }
  }
}
