import { Problem } from '../../model/errors.ts';
import type { Flow, Message, Receiver, Service } from '../../model/flow.ts';
import type { JsonSchema } from '../../model/json.ts';
import type { PactState } from '../../model/pact.ts';
import type { PlannedMessage } from '../../model/workload.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import { accepts, smallestPayload } from '../events/schemas.ts';
import { sample, SchemaError, valid } from '../schema/index.ts';
import type { Random } from '../random.ts';
import { filteredFields } from '../workload/filters.ts';
import { narrowed } from './narrow.ts';

/** Values of each message that a provider is asked for, the smallest one among them. */
export const stimuliEach = 20;

/** Draws of a header until the message's own schema has nothing against it. */
const mostDraws = 60;

/** What a provider's application sends: drawn from its contract, and from no pact. */
export type Stimulus = Pick<PlannedMessage, 'within' | 'smallest' | 'payload' | 'headers'>;

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
  const refuse = (what: string): Problem => unreachable(service, states, what);
  if (inState !== message) requireSome(inState, refuse);
  const narrow = inState === message ? {} : { within: { schema: inState.payload, digest: inState.schemaDigest } };
  return Array.from({ length: stimuliEach }, (_, at): Stimulus => ({
    ...narrow,
    ...(at === 0 ? { smallest: true } : {}),
    payload: receiver === undefined ? {} : filteredFields(flow, receiver, message, random),
    headers: Object.fromEntries(
      Object.entries(wanted).map(([name, schemas]) => [name, headerOf(message, name, schemas, random, refuse)]),
    ),
  }));
}

function requireSome(message: Message, refuse: (what: string) => Problem): void {
  const what = `no payload of ${message.name} meets its schema and that of the state`;
  try {
    if (!accepts(message, smallestPayload(message))) throw refuse(what);
  } catch (cause) {
    throw cause instanceof SchemaError ? refuse(`${what} (${cause.message})`) : cause;
  }
}

function headerOf(
  message: Message,
  name: string,
  schemas: readonly JsonSchema[],
  random: Random,
  refuse: (what: string) => Problem,
): string {
  const source = { schema: { allOf: [{ type: 'string' }, ...schemas] } };
  for (let draw = 0; draw < mostDraws; draw++) {
    const value = sample(valid(source), random.seed(), 1)[0];
    if (typeof value === 'string' && acceptsHeader(message, name, value)) return value;
  }
  throw refuse(`no ${name} of ${message.name} meets its header schema and that of the state`);
}

function unreachable(service: Service, states: readonly PactState[], what: string): Problem {
  const names = states.map(({ name }) => JSON.stringify(name)).join(' and ');
  const place = service.states?.find(({ name }) => name === states[0]?.name)?.place;
  return new Problem('contract', `the provider state ${names} cannot be: ${what}`, {
    ...(place === undefined ? {} : { place }),
    next: 'correct what states.yaml says of it, or the parameters that the pact gives',
  });
}
