import { Problem } from '../../model/errors.ts';
import type { Flow, Message, Receiver, Service } from '../../model/flow.ts';
import { withValueAt, type JsonSchema, type JsonValue } from '../../model/json.ts';
import type { PactState } from '../../model/pact.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import { accepts, samplePayload, smallestPayload } from '../events/schemas.ts';
import { sample, SchemaError, valid } from '../schema/index.ts';
import type { Random } from '../random.ts';
import { filteredFields } from '../workload/filters.ts';
import { narrowed } from './narrow.ts';

/** Values of each message that a provider is asked for, the smallest one among them. */
export const stimuliEach = 20;

/** Draws of a header until the message's own schema has nothing against it. */
const mostDraws = 60;

/** What a provider's application sends: drawn from its contract, and from no pact. */
export interface Stimulus {
  readonly payload: JsonValue;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * So many messages as the contract has them in some provider states, the smallest first; for a consumer whose subscription has a
 * filter, such as it lets through. A state in which no message can be sent is a Problem.
 */
export function stimuliOf(
  service: Service,
  flow: Flow,
  message: Message,
  states: readonly PactState[],
  receiver: Receiver | undefined,
  random: Random,
): readonly Stimulus[] {
  const { message: inState, headers: wanted } = narrowed(service, message, states);
  return Array.from({ length: stimuliEach }, (_, at): Stimulus => {
    const drawn = payloadIn(inState, at === 0, random, states, service);
    const fields = receiver === undefined ? {} : filteredFields(flow, receiver, message, random);
    const payload = Object.entries(fields).reduce((value, [place, field]) => withValueAt(value, place, field), drawn);
    const headers = Object.entries(wanted).map(([name, schemas]) => [name, headerOf(message, name, schemas, random, states, service)]);
    return { payload, headers: Object.fromEntries(headers) as Record<string, string> };
  });
}

function payloadIn(
  message: Message,
  smallest: boolean,
  random: Random,
  states: readonly PactState[],
  service: Service,
): JsonValue {
  try {
    const seed = random.seed();
    const payload = smallest ? smallestPayload(message) : samplePayload(message, seed);
    if (accepts(message, payload)) return payload;
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
  }
  throw unreachable(service, states, `no payload of ${message.name} meets its schema and that of the state`);
}

function headerOf(
  message: Message,
  name: string,
  schemas: readonly JsonSchema[],
  random: Random,
  states: readonly PactState[],
  service: Service,
): string {
  const source = { schema: { allOf: [{ type: 'string' }, ...schemas] } };
  for (let draw = 0; draw < mostDraws; draw++) {
    const value = sample(valid(source), random.seed(), 1)[0];
    if (typeof value === 'string' && acceptsHeader(message, name, value)) return value;
  }
  throw unreachable(service, states, `no ${name} of ${message.name} meets its header schema and that of the state`);
}

function unreachable(service: Service, states: readonly PactState[], what: string): Problem {
  const names = states.map(({ name }) => JSON.stringify(name)).join(' and ');
  const place = service.states?.find(({ name }) => name === states[0]?.name)?.place;
  return new Problem('contract', `the provider state ${names} cannot be: ${what}`, {
    ...(place === undefined ? {} : { place }),
    next: 'correct what states.yaml says of it, or the parameters that the pact gives',
  });
}
