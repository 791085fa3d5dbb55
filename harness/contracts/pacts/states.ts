import { messagesOf, type Service } from '../../model/flow.ts';
import { isJsonObject, type JsonSchema, type JsonValue } from '../../model/json.ts';
import { nearest } from '../../model/nearest.ts';
import type { Interaction, ProviderState } from '../../model/pact.ts';
import type { Mistakes } from '../mistakes.ts';
import { meetsShape, shapeOf } from '../service/shape.ts';
import { child, placeAt, valueAt, type Cursor } from '../source/reference.ts';
import type { Source } from '../source/source.ts';
import { newAjv } from '../validate/ajv.ts';

export const statesName = 'states.yaml';

/** The provider states that a service declares; every mistake of the document is said. */
export async function readStates(
  service: Service,
  source: Source,
  mistakes: Mistakes,
): Promise<readonly ProviderState[]> {
  const at: Cursor = { source, path: [] };
  if (!meetsShape(await shapeOf('states'), at, 'states', mistakes)) return [];
  const states = valueAt(child(at, 'states'));
  const known = service.flows.flatMap((flow) => messagesOf(flow).map(({ name }) => name));
  return Object.entries(isJsonObject(states) ? states : {}).map(([name, value]) => {
    const { description, messages } = value as unknown as Omit<ProviderState, 'name' | 'messages' | 'place'> &
      Partial<Pick<ProviderState, 'messages'>>;
    const here = child(at, 'states', name);
    for (const [message, narrowed] of Object.entries(messages ?? {})) {
      const place = child(here, 'messages', message);
      if (!known.includes(message)) {
        const near = nearest(message, known);
        const meant = near === undefined ? '' : `; did you mean ${near}?`;
        mistakes.add(
          placeAt(place),
          `${service.name} has no message ${message}${meant}`,
          `name one of ${[...new Set(known)].join(', ')}`,
        );
      }
      if (narrowed.payload !== undefined) checkSchema(child(place, 'payload'), narrowed.payload, mistakes);
      for (const [header, schema] of Object.entries(narrowed.headers ?? {})) {
        checkSchema(child(place, 'headers', header), schema, mistakes);
      }
    }
    return { name, description, messages: messages ?? {}, place: placeAt(here) };
  });
}

function checkSchema(at: Cursor, schema: JsonSchema, mistakes: Mistakes): void {
  try {
    newAjv({ allErrors: true }).compile(withoutParams(schema));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    mistakes.add(placeAt(at), `this is no JSON Schema: ${why}`, 'correct it: JSON Schema 2020-12, without references');
  }
}

/** A schema as it may be compiled before anybody has given its parameters. */
const withoutParams = (schema: JsonSchema): JsonSchema => mapParams(schema, () => '') as JsonSchema;

function mapParams(value: JsonValue, valueOf: (name: string) => JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => mapParams(item, valueOf));
  if (!isJsonObject(value)) return value;
  const { $param, ...rest } = value;
  if (typeof $param === 'string' && Object.keys(rest).length === 0) return valueOf($param);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapParams(member, valueOf)]));
}

/** The states that an interaction asks for are declared, with the parameters that they need. */
export function checkStates(
  service: Service,
  states: readonly ProviderState[],
  interaction: Pick<Interaction, 'states' | 'place'>,
  mistakes: Mistakes,
): void {
  const known = states.map(({ name }) => name);
  for (const { name, params } of interaction.states) {
    const state = states.find((candidate) => candidate.name === name);
    if (state === undefined) {
      const near = nearest(name, known);
      const meant = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
      const what = `the provider state ${JSON.stringify(name)} is declared nowhere${meant}`;
      mistakes.add(
        interaction.place,
        what,
        `declare it in ${service.name}/${statesName}: what of the messages is so in it`,
      );
      continue;
    }
    const wanted = paramsOf(state);
    const missing = [...wanted].find((param) => params[param] === undefined);
    if (missing === undefined) continue;
    const what = `the provider state ${JSON.stringify(name)} needs the parameter ${missing}`;
    mistakes.add(
      interaction.place,
      what,
      `give it in the interaction, or take { $param: ${missing} } out of ${statesName}`,
    );
  }
}

function paramsOf(state: ProviderState): ReadonlySet<string> {
  const names = new Set<string>();
  mapParams(state.messages, (name) => {
    names.add(name);
    return '';
  });
  return names;
}
