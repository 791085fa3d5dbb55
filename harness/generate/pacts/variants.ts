import { isJsonObject, type JsonValue } from '../../model/json.ts';
import type { Message } from '../../model/flow.ts';
import type { PactPart, PactState } from '../../model/pact.ts';
import type { Violation } from '../../model/workload.ts';
import { isBreakable, placesOfSchema, samplePayload } from '../events/schemas.ts';
import type { Random } from '../random.ts';
import { isAllowed } from './allowed.ts';
import { complete } from './complete.ts';
import { generatedContents } from './generate.ts';
import { bodyRules, pointerOf, ruleAt, type BodyRules, type Path } from './rules.ts';

/** Variants that are allowed, and broken ones, of each interaction. */
const variantsEach = 4;
const brokenEach = 3;
const mostDraws = 30;

/** Keywords whose breach is a breach of what the pact says of the same place. */
const tellingKeywords: readonly string[] = ['type', 'pattern', 'enum', 'required', 'format', 'minimum', 'maximum'];

/**
 * The example as the pact generates it, and others that the rules and the contract allow in its place. Undefined where the contract
 * has no such message.
 */
export function allowedContents(
  message: Message,
  part: PactPart,
  states: readonly PactState[],
  random: Random,
): readonly JsonValue[] | undefined {
  const isPossible = (contents: JsonValue): boolean => 'payload' in complete(message, contents, random.seed());
  const example = generatedContents(part, states, random) ?? {};
  if (!isPossible(example)) return undefined;
  const found: JsonValue[] = [example];
  const rules = bodyRules(part);
  for (let draw = 0; draw < mostDraws && found.length <= variantsEach; draw++) {
    const variant = varied(rules, [], example, samplePayload(message, random.seed()), false);
    const text = JSON.stringify(variant);
    if (found.every((other) => JSON.stringify(other) !== text) && isPossible(variant)) found.push(variant);
  }
  return found;
}

/**
 * The example with what another valid payload has, wherever the rules allow it: of a list or a map the whole of it where they do,
 * else each of its members.
 */
function varied(rules: BodyRules, path: Path, example: JsonValue, drawn: JsonValue, above: boolean): JsonValue {
  const rule = ruleAt(rules, path);
  if (rule !== undefined || above) {
    const found = candidates(example, drawn).find((value) => isAllowed(rules, path, example, value, above));
    if (found !== undefined) return found;
  }
  const typed =
    rule === undefined ? above : rule.matchers.some(({ match }) => typeof match === 'string' && match.endsWith('type'));
  if (Array.isArray(example)) {
    const others = Array.isArray(drawn) ? (drawn as readonly JsonValue[]) : [];
    return (example as readonly JsonValue[]).map((item, at) => {
      const other = others[at % others.length];
      return other === undefined ? item : varied(rules, [...path, String(at)], item, other, typed);
    });
  }
  if (!isJsonObject(example) || !isJsonObject(drawn)) return example;
  const members = Object.entries(example).map(([name, member]) => {
    const other = drawn[name];
    return [name, other === undefined ? member : varied(rules, [...path, name], member, other, typed)] as const;
  });
  return Object.fromEntries(members);
}

/** What may stand in place of an example: another value; of a list its own items and others after them, and one of them alone. */
function candidates(example: JsonValue, drawn: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(example) || !Array.isArray(drawn)) return [drawn];
  const own = example as readonly JsonValue[];
  const others = drawn as readonly JsonValue[];
  return [drawn, [...own, ...others], [...own, ...own], own.slice(0, 1)];
}

/** Breaches of the contract at places that the pact speaks of: no consumer may be handed such a message. */
export function breachesOf(message: Message, part: PactPart, random: Random): readonly Violation[] {
  const spoken = new Set(bodyRules(part).list.map(({ path }) => pointerOf(path)));
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
  isJsonObject(contents) ? Object.keys(contents).map((name) => pointerOf([name])) : [];
