import { Problem, type Place } from '../../model/errors.ts';
import { isJsonObject, valuesAt, withValueAt, type JsonObject, type JsonValue } from '../../model/json.ts';
import { datePattern, datePatterns } from '../../model/pact-generators.ts';
import type { PactPart, PactState } from '../../model/pact.ts';
import { randomFrom, type Random } from '../random.ts';
import { sample, SchemaError, valid } from '../schema/index.ts';
import { pointerOf } from './rules.ts';

/** The example of a part with what its generators give in place of its values; undefined where it has none. */
export function generatedContents(
  { contents, generators, place: at }: PactPart,
  states: readonly PactState[],
  random: Random,
): JsonValue | undefined {
  if (contents === undefined) return undefined;
  const { body } = generators;
  let made = contents;
  for (const [path, generator] of Object.entries(isJsonObject(body) ? body : {})) {
    const tokens = path.slice(1).match(/\['[^']*'\]|[\w-]+/g) ?? [];
    const place = pointerOf(tokens.map((token) => (token.startsWith("['") ? token.slice(2, -2) : token)));
    if (isJsonObject(generator) && valuesAt(made, place).length > 0)
      made = withValueAt(made, place, generate(generator, states, random, at));
  }
  return made;
}

/**
 * The example of a part with what provider states give, and nothing by chance: what is expected where a state says it. Where the
 * pact has no rule for the place, the value is what the state gives, and not the one of the example.
 */
export function contentsInState(part: PactPart, states: readonly PactState[]): JsonValue | undefined {
  const { body } = part.generators;
  const ofStates = Object.entries(isJsonObject(body) ? body : {}).filter(
    ([, generator]) => isJsonObject(generator) && generator['type'] === 'ProviderState',
  );
  const generators = { body: Object.fromEntries(ofStates) };
  return generatedContents({ ...part, generators }, states, randomFrom(0));
}

/** The example metadata of a part with what its generators give. */
export function generatedMetadata(
  { metadata, generators, place }: PactPart,
  states: readonly PactState[],
  random: Random,
): Readonly<Record<string, string>> {
  const { metadata: own } = generators;
  const made = Object.entries(isJsonObject(own) ? own : {}).flatMap(([name, generator]) => {
    if (!isJsonObject(generator) || metadata[name] === undefined) return [];
    const value = generate(generator, states, random, place);
    return [[name, typeof value === 'string' ? value : JSON.stringify(value)] as const];
  });
  return { ...metadata, ...Object.fromEntries(made) };
}

function generate(generator: JsonObject, states: readonly PactState[], random: Random, place: Place): JsonValue {
  const { type } = generator;
  switch (type) {
    case 'RandomInt':
      return random.integer(numberIn(generator, 'min', 0), numberIn(generator, 'max', 2_147_483_647));
    case 'RandomDecimal':
      return Number(
        `${String(random.integer(1, 9))}.${random.text(Math.max(1, numberIn(generator, 'digits', 6) - 1), '123456789')}`,
      );
    case 'RandomHexadecimal':
      return random.text(numberIn(generator, 'digits', 10), '0123456789ABCDEF');
    case 'RandomString':
      return random.text(
        numberIn(generator, 'size', 10),
        'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789',
      );
    case 'RandomBoolean':
      return random.integer(0, 1) === 1;
    case 'Regex':
      return described(textIn(generator, 'regex', ''), random, place);
    case 'Uuid':
      return uuid(random, textIn(generator, 'format', 'lower-case-hyphenated'));
    case 'ProviderState':
      return fromState(textIn(generator, 'expression', ''), states);
    case 'Date':
    case 'Time':
    case 'DateTime':
      return dated(textIn(generator, 'format', datePatterns[type] ?? ''), random);
    default:
      throw new RangeError(`a generator ${JSON.stringify(type ?? null)} was read that nobody applies`);
  }
}

function numberIn(object: JsonObject, name: string, otherwise: number): number {
  const value = object[name];
  return typeof value === 'number' ? value : otherwise;
}

function textIn(object: JsonObject, name: string, otherwise: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : otherwise;
}

/** A text that a regular expression describes, from its beginning to its end. */
function described(regex: string, random: Random, place: Place): JsonValue {
  const inner = regex.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const pattern = inner.includes('|') ? `^(?:${inner})$` : `^${inner}$`;
  try {
    return sample(valid({ schema: { type: 'string', pattern } }), random.seed(), 1)[0] ?? '';
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    const next = 'write the expression in a simpler way, or give an example in place of the generator';
    throw new Problem('contract', `a generator Regex cannot be applied: ${cause.message}`, { place, next, cause });
  }
}

function uuid(random: Random, format: string): string {
  const hex = (length: number): string => random.text(length, '0123456789abcdef');
  const parts = [hex(8), hex(4), `4${hex(3)}`, `${random.text(1, '89ab')}${hex(3)}`, hex(12)];
  if (format === 'simple') return parts.join('');
  const text = parts.join('-');
  if (format === 'URN') return `urn:uuid:${text}`;
  return format === 'upper-case-hyphenated' ? text.toUpperCase() : text;
}

/** `${name}` within a text gives a text; a name alone, or one expression that is all of the text, the value as it is. */
function fromState(expression: string, states: readonly PactState[]): JsonValue {
  const params: Readonly<Record<string, JsonValue>> = Object.assign(
    {},
    ...states.map((state) => state.params),
  ) as Record<string, JsonValue>;
  const whole = /^(?:\$\{([^}]+)\}|([^$]+))$/u.exec(expression);
  if (whole !== null) return params[whole[1] ?? whole[2] ?? ''] ?? null;
  return expression.replaceAll(/\$\{([^}]+)\}/gu, (_, name: string) => {
    const value = params[name];
    return typeof value === 'string' ? value : JSON.stringify(value ?? null);
  });
}

/** An instant of this century, in UTC, by a pattern as Java writes it. */
function dated(pattern: string, random: Random): string {
  const iso = new Date(random.integer(946_684_800, 2_145_916_800) * 1000).toISOString();
  const fields: Readonly<Record<string, string>> = {
    yyyy: iso.slice(0, 4),
    MM: iso.slice(5, 7),
    dd: iso.slice(8, 10),
    HH: iso.slice(11, 13),
    mm: iso.slice(14, 16),
    ss: iso.slice(17, 19),
    SSS: iso.slice(20, 23),
    XXX: 'Z',
    X: 'Z',
    Z: '+0000',
  };
  return pattern.replaceAll(
    datePattern,
    (token) => fields[token] ?? (token === "''" ? "'" : token.replaceAll("'", '')),
  );
}
