import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import type { Message } from '../../model/flow.ts';
import type { PactPart } from '../../model/pact.ts';
import type { Violation } from '../../model/workload.ts';
import { placesOf } from '../events/places.ts';
import { isBreakable, placesOfSchema, samplePayload } from '../events/schemas.ts';
import type { Random } from '../random.ts';
import { complete } from './complete.ts';
import { allows, bodyRules } from './rules.ts';

/** Variants that are allowed, and broken ones, of each interaction. */
const variantsEach = 4;
const brokenEach = 3;
const mostDraws = 30;

/** Keywords whose breach is a breach of what the pact says of the same place. */
const tellingKeywords: readonly string[] = ['type', 'pattern', 'enum', 'required', 'format', 'minimum', 'maximum'];

/** The example, and others that the rules and the contract allow in its place. Undefined where the contract has no such message. */
export function allowedContents(message: Message, part: PactPart, random: Random): readonly JsonValue[] | undefined {
  const example: JsonValue = part.contents ?? {};
  const isPossible = (contents: JsonValue): boolean => 'payload' in complete(message, contents, random.seed());
  if (!isPossible(example)) return undefined;
  const found: JsonValue[] = [example];
  for (let draw = 0; draw < mostDraws && found.length <= variantsEach; draw++) {
    const variant = varied(example, samplePayload(message, random.seed()), part);
    const text = JSON.stringify(variant);
    if (found.every((other) => JSON.stringify(other) !== text) && isPossible(variant)) found.push(variant);
  }
  return found;
}

/** The example with what another valid payload has at each place for which the pact has a rule that allows it. */
function varied(payload: JsonValue, drawn: JsonValue, part: PactPart): JsonValue {
  let value = payload;
  for (const { pointer, matchers } of bodyRules(part)) {
    for (const place of placesOf(payload, pointer)) {
      const [example] = valuesAt(payload, place);
      const [other] = valuesAt(drawn, place);
      if (example === undefined || other === undefined || !allows(matchers, example, other)) continue;
      value = withValueAt(value, place, other);
    }
  }
  return value;
}

/** Breaches of the contract at places that the pact speaks of: no consumer may be handed such a message. */
export function breachesOf(message: Message, part: PactPart, random: Random): readonly Violation[] {
  const spoken = new Set(bodyRules(part).map(({ pointer }) => pointer));
  const named = part.contents === undefined ? [] : topOf(part.contents);
  const places = placesOfSchema(message).filter(
    ({ keyword, path }) =>
      tellingKeywords.includes(keyword) && (spoken.has(path.replaceAll(/\/\d+/g, '/*')) || named.includes(path)),
  );
  const left = [...places];
  const found: Violation[] = [];
  while (left.length > 0 && found.length < brokenEach) {
    const [place] = left.splice(random.integer(0, left.length - 1), 1);
    if (place !== undefined && isBreakable(message, place)) found.push({ kind: 'schema', ...place });
  }
  return [...found, { kind: 'header', header: 'ce-classification', how: 'not-allowed' }];
}

const topOf = (contents: JsonValue): readonly string[] =>
  typeof contents === 'object' && contents !== null && !Array.isArray(contents)
    ? Object.keys(contents).map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    : [];
