import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';

/** A place where what arrived is not what was expected. */
export interface Mismatch {
  /** JSONPath into the body, or `metadata <key>`. */
  readonly path: string;
  /** What the pact says there, as the verifier words it. */
  readonly expected: string;
  /** What was found, with its value: content, for a person to look at and for no journal. */
  readonly actual: string;
  /** What was found, without content: its kind. */
  readonly found: string;
}

/** What the verifier says of one question. */
export interface Answer {
  readonly name: string;
  readonly holds: boolean;
  readonly mismatches: readonly Mismatch[];
}

/**
 * The answers in the verifier's report. What is not as it is known to be is an error: a question without an answer is never a pass.
 * @param report the verifier's own structured result
 */
export function answersOf(report: JsonValue, names: readonly string[]): readonly Answer[] {
  const results = isJsonObject(report) ? report['interactionResults'] : undefined;
  if (!Array.isArray(results)) throw new Error('Pact’s verifier gave no results');
  const byName = new Map<string, JsonObject>();
  for (const result of results as readonly JsonValue[]) {
    const name = isJsonObject(result) ? result['description'] : undefined;
    if (typeof name !== 'string' || !isJsonObject(result))
      throw new Error('Pact’s verifier gave a result without a description');
    if (byName.has(name)) throw new Error(`Pact’s verifier answered ${JSON.stringify(name)} twice`);
    byName.set(name, result);
  }
  const answers = names.map((name) => {
    const result = byName.get(name);
    if (result === undefined) throw new Error(`Pact’s verifier said nothing of ${JSON.stringify(name)}`);
    return answerOf(name, result);
  });
  const all = isJsonObject(report) && report['result'] === true;
  if (all !== answers.every(({ holds }) => holds)) throw new Error('Pact’s verifier contradicts itself');
  return answers;
}

function answerOf(name: string, { result, mismatch }: JsonObject): Answer {
  if (result === 'OK') return { name, holds: true, mismatches: [] };
  const found =
    isJsonObject(mismatch) && Array.isArray(mismatch['mismatches'])
      ? (mismatch['mismatches'] as readonly JsonValue[])
      : [];
  const mismatches = found.map((each) => (isJsonObject(each) ? mismatchOf(each) : unclear(each)));
  return { name, holds: false, mismatches: mismatches.length > 0 ? mismatches : [unclear(mismatch ?? null)] };
}

const unclear = (mismatch: JsonValue): Mismatch => ({
  path: '$',
  expected: 'what the pact says',
  actual: JSON.stringify(mismatch),
  found: 'something else',
});

function mismatchOf(mismatch: JsonObject): Mismatch {
  const { path, key, type, expected, actual } = mismatch;
  const said = typeof mismatch['mismatch'] === 'string' ? mismatch['mismatch'] : '';
  const where =
    typeof path === 'string' && path !== '' ? path : typeof key === 'string' ? `metadata ${key}` : textOf(type);
  const value = textOf(actual);
  return { path: where, expected: demandOf(said, textOf(expected)), actual: value, found: kindOf(value, said) };
}

const textOf = (value: JsonValue | undefined): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

/**
 * What was demanded, in the verifier's words without what was found: "Expected 'ZZ' (String) to match '^[a-z]$'" → "to match
 * '^[a-z]$'"; else the example.
 */
function demandOf(said: string, expected: string): string {
  const keys = /missing the following keys: (.+)$/s.exec(said)?.[1];
  if (keys !== undefined) return `to have ${keys}`;
  // The last of them: what was found may itself read like a demand.
  const demand = /(?:^|- |: )Expected .* (to (?:match|be|have|include|equal|contain|not)\b.*)$/s.exec(said)?.[1];
  const plain = demand?.replace(/ but .*$/s, '');
  return plain ?? (expected === '' ? 'what the pact says' : `to be like ${expected}`);
}

/** The kind of a value that is written as JSON, without the value. */
function kindOf(value: string, said: string): string {
  const keys = /missing the following keys: (.+)$/s.exec(said)?.[1];
  if (keys !== undefined) return `an object without ${keys}`;
  if (/missing|not found|was not present/i.test(said) || value === '') return 'not there';
  try {
    const parsed = JSON.parse(value) as JsonValue;
    if (parsed === null) return 'null';
    if (Array.isArray(parsed)) return `a list of ${String(parsed.length)}`;
    if (typeof parsed === 'string') return `a text of ${String(parsed.length)} characters`;
    return typeof parsed === 'object' ? 'an object' : `another ${typeof parsed}`;
  } catch {
    return `a text of ${String(value.length)} characters`;
  }
}
