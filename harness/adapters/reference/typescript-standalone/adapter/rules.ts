import { scalarText, valuesAt, type Json } from './json.ts';
import type { Headers } from './event.ts';
import { parseTime } from './time.ts';

/** An x-rule of a message (E5); contracts/rules.schema.json describes the closed set. */
export type Rule = { readonly field: string } & (
  | { readonly rule: 'equals-header'; readonly header: string }
  | { readonly rule: 'check-character'; readonly alphabet: string; readonly slices?: readonly [number, number][] }
  | { readonly rule: 'not-before'; readonly other: string }
  | { readonly rule: 'count' | 'sum'; readonly of: string }
);

/** Whether a rule holds. A rule about an absent field does: what must be there is the schema's business. */
export function holds(rule: Rule, payload: Json, headers: Headers): boolean {
  const values = valuesAt(payload, rule.field);
  switch (rule.rule) {
    case 'equals-header':
      return values.every((value) => scalarText(value) !== undefined && scalarText(value) === headers[rule.header]);
    case 'check-character':
      return values.every((value) => typeof value === 'string' && checkCharacterFits(value, rule));
    case 'not-before': {
      const others = valuesAt(payload, rule.other).map(timeOf);
      return values.map(timeOf).every((time) => others.every((other) => time >= other));
    }
    case 'count':
      return values.every((value) => value === valuesAt(payload, rule.of).length);
    case 'sum':
      return values.every((value) => value === sumOf(valuesAt(payload, rule.of)));
    default:
      throw new TypeError('unknown rule');
  }
}

function checkCharacterFits(text: string, { alphabet, slices }: Extract<Rule, { rule: 'check-character' }>): boolean {
  const parts = (slices ?? [[0, -1]]).map(([from, to]) => text.slice(from, to));
  const digits = parts.join('').replaceAll(/[^0-9]/g, '');
  return digits !== '' && text.at(-1) === alphabet[Number(BigInt(digits) % BigInt(alphabet.length))];
}

/** NaN, which no comparison holds for, where the value is no RFC 3339 time. */
function timeOf(value: Json): number {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? Number.NaN;
}

/** Undefined where one of them is no whole number, or the sum is beyond what every receiver can count exactly. */
function sumOf(values: readonly Json[]): number | undefined {
  if (!values.every((value) => Number.isSafeInteger(value))) return undefined;
  const sum = (values as readonly number[]).reduce((total, value) => total + value, 0);
  return Number.isSafeInteger(sum) ? sum : undefined;
}
