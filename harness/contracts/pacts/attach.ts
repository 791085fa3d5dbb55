import { providersOf, type Flow, type Service } from '../../model/flow.ts';
import { nearest } from '../../model/nearest.ts';
import { subjectKeys, type Interaction, type Pact, type PactPart } from '../../model/pact.ts';
import type { Mistakes } from '../mistakes.ts';
import { child, placeAt } from '../source/reference.ts';
import type { RawPact } from './file.ts';
import type { RawInteraction } from './interaction.ts';
import type { RawPart } from './part.ts';
import { flowsBetween, messageOfPart, type Candidate } from './resolve.ts';

/** The service with each pact at the flows that it is about. What is about nothing of the service is a mistake. */
export function attachPacts(service: Service, raws: readonly RawPact[], mistakes: Mistakes): Service {
  const byFlow = new Map<string, Pact[]>();
  for (const raw of raws) {
    for (const [flow, pact] of pactsOf(service, raw, mistakes)) {
      const before = byFlow.get(flow.id) ?? [];
      byFlow.set(flow.id, [...before, { ...pact, name: nameBeside(before, pact) }]);
    }
  }
  if (byFlow.size === 0) return service;
  const flows = service.flows.map((flow) => {
    const pacts = byFlow.get(flow.id);
    return pacts === undefined ? flow : { ...flow, pacts };
  });
  return { ...service, flows };
}

/** Of several pacts between the same two (versions of a consumer, in a broker) each has a name of its own: what is found is told by it. */
function nameBeside(before: readonly Pact[], { consumer, provider, name }: Pact): string {
  const same = before.filter((pact) => pact.consumer === consumer && pact.provider === provider).length;
  return same === 0 ? name : `${name} ${String(same + 1)}`;
}

function pactsOf(service: Service, raw: RawPact, mistakes: Mistakes): readonly (readonly [Flow, Pact])[] {
  const providers = providersNamed(service, raw, mistakes);
  if (providers === undefined || !isApplication(service, raw, mistakes)) return [];
  const between = providers.filter((provider) => flowsBetween(service, raw.consumer, provider).length > 0);
  if (between.length === 0) {
    const what = `${raw.consumer} is no consumer of ${raw.provider} in ${service.name}`;
    mistakes.add(placeAt(child(raw.at, 'consumer')), what, 'correct consumer and provider as x-applications has them');
    return [];
  }
  return between.flatMap((provider) => {
    const found = raw.interactions.flatMap((interaction) => {
      const resolved = resolve(service, raw, provider, interaction, mistakes);
      return resolved === undefined ? [] : [resolved];
    });
    return [...Map.groupBy(found, ({ flow }) => flow)].map(([flow, list]) => {
      const pact: Pact = {
        name: `${raw.consumer}-${provider}`,
        file: raw.at.source.file,
        consumer: raw.consumer,
        provider,
        specification: raw.specification,
        interactions: list.map(({ interaction }) => interaction),
      };
      return [flow, pact] as const;
    });
  });
}

function isApplication(service: Service, { consumer, at }: RawPact, mistakes: Mistakes): boolean {
  const known = service.applications.map(({ name }) => name);
  if (known.includes(consumer)) return true;
  sayUnknown(service, 'consumer', consumer, known, at, mistakes);
  return false;
}

/** A pact names its provider as an application, or as the service, which then means each application that provides for it. */
function providersNamed(
  service: Service,
  { provider, at }: RawPact,
  mistakes: Mistakes,
): readonly string[] | undefined {
  const known = [...new Set(service.flows.flatMap((flow) => providersOf(flow)))];
  if (known.includes(provider)) return [provider];
  if (provider === service.name) return known;
  sayUnknown(service, 'provider', provider, [...known, service.name], at, mistakes);
  return undefined;
}

function sayUnknown(
  service: Service,
  what: 'consumer' | 'provider',
  name: string,
  known: readonly string[],
  at: RawPact['at'],
  mistakes: Mistakes,
): void {
  const near = nearest(name, known);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  mistakes.add(
    placeAt(child(at, what, 'name')),
    `the ${what} ${JSON.stringify(name)} is no application of ${service.name}${meant}`,
    `name one of ${known.join(', ')}, or put the file into the folder of its own service`,
  );
}

function resolve(
  service: Service,
  raw: RawPact,
  provider: string,
  { at: _at, ...interaction }: RawInteraction,
  mistakes: Mistakes,
): { readonly flow: Flow; readonly interaction: Interaction } | undefined {
  const synchronous = interaction.kind === 'synchronous';
  const flows = flowsBetween(service, raw.consumer, provider);
  const asked = flows.filter((flow) => (flow.pattern === 'request-reply') === synchronous);
  if (asked.length === 0) {
    const what = synchronous
      ? `${raw.consumer} asks ${provider} nothing: what it gets are events`
      : `${raw.consumer} gets no events from ${provider}: it asks, and is answered`;
    const next = `write it as ${synchronous ? 'an asynchronous' : 'a synchronous'} message interaction`;
    mistakes.add(interaction.place, what, next);
    return undefined;
  }
  const about = asked.flatMap((flow) => flow.messages.map((message) => ({ flow, message })));
  const found = messageOfPart(interaction.message, about, service, mistakes);
  if (found === undefined) return undefined;
  const replies = found.flow.replies.map((message) => ({ flow: found.flow, message }));
  const responses = interaction.responses.map((response) => {
    const reply = messageOfPart(response, replies, service, mistakes, true);
    return reply === undefined ? undefined : partOf(response, reply);
  });
  if (responses.includes(undefined)) return undefined;
  return {
    flow: found.flow,
    interaction: {
      ...interaction,
      message: partOf(interaction.message, found),
      responses: responses.filter((response) => response !== undefined),
    },
  };
}

function partOf({ at: _at, ...part }: RawPart, { message }: Candidate): PactPart {
  return { ...part, type: message.name };
}

/** A reply travels on the subject that its asker gave: nobody can ask for one. */
export function refuseReplySubjects(raws: readonly RawPact[], mistakes: Mistakes): void {
  for (const { interactions } of raws) {
    for (const part of interactions.flatMap(({ responses }) => responses)) {
      const key = Object.keys(part.metadata).find((name) => subjectKeys.includes(name.toLowerCase()));
      if (key === undefined) continue;
      const what = `a response asks for the subject ${JSON.stringify(part.metadata[key])}: a reply travels on the one that its asker gave`;
      mistakes.add(part.place, what, `delete ${key} from its metadata`);
    }
  }
}
