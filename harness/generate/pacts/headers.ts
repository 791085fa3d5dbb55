import { classifications, type Flow, type Message } from '../../model/flow.ts';
import { isJsonObject, type JsonObject } from '../../model/json.ts';
import { expectedOf, headerOf, type PactPart, type PactState } from '../../model/pact.ts';
import { acceptsHeader } from '../events/header-schema.ts';
import type { Random } from '../random.ts';
import { sample, SchemaError, valid } from '../schema/index.ts';
import { isAllowed } from './allowed.ts';
import { generatedMetadata } from './generate.ts';
import { matchersOf, type BodyRules } from './rules.ts';

/** Headers whose values belong to the event and its trial, whatever an example has. */
const ownOfEvent: ReadonlySet<string> = new Set([
  'ce-specversion',
  'ce-id',
  'ce-type',
  'ce-time',
  'ce-datacontenttype',
  'ce-dataschema',
  'ce-causationid',
  'ce-partitionkey',
  'ce-sequence',
  'ce-expirytime',
]);

/** The headers of a part's example, as the pact generates them, that a consumer's or an asker's message may carry as they are. */
export function expectedHeaders(part: PactPart, states: readonly PactState[], random: Random): Record<string, string> {
  const metadata = generatedMetadata(part, states, random);
  return Object.fromEntries(
    Object.entries(expectedOf({ ...part, metadata }).headers).filter(([name]) => !ownOfEvent.has(name)),
  );
}

/** The same headers with other values wherever the rules of the metadata, and the contract, allow them. */
export function allowedHeaders(
  flow: Flow,
  message: Message,
  part: PactPart,
  states: readonly PactState[],
  random: Random,
): Record<string, string> {
  const rules = part.matchingRules['metadata'];
  const headers = expectedHeaders(part, states, random);
  for (const [key, rule] of Object.entries(isJsonObject(rules) ? rules : {})) {
    const name = headerOf(key);
    const example = name === undefined ? undefined : headers[name];
    // Who sends it is who is put on the bus.
    if (name === undefined || name === 'ce-source' || example === undefined) continue;
    const own: BodyRules = { list: [{ path: [], ...matchersOf(rule) }], isWhole: true };
    const other = othersOf(flow, name, own.list[0]?.matchers ?? [], random).find(
      (value) => value !== example && isAllowed(own, [], example, value) && acceptsHeader(message, name, value),
    );
    if (other !== undefined) headers[name] = other;
  }
  return headers;
}

/** Values that a header might have: such as its expressions describe, and some text. */
function othersOf(flow: Flow, name: string, matchers: readonly JsonObject[], random: Random): readonly string[] {
  if (name === 'ce-classification')
    return classifications.slice(0, classifications.indexOf(flow.classification) + 1).toReversed();
  const described = matchers.flatMap(({ regex }) => (typeof regex === 'string' ? drawnBy(regex, random) : []));
  return [...described, `${name.slice(-8)}-${random.text(8, '0123456789abcdef')}`];
}

function drawnBy(pattern: string, random: Random): readonly string[] {
  try {
    return sample(valid({ schema: { type: 'string', pattern } }), random.seed(), 4).filter(
      (value) => typeof value === 'string',
    );
  } catch (cause) {
    if (cause instanceof SchemaError) return [];
    throw cause;
  }
}
