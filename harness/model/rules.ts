import { parseTime } from './event.ts';
import type { Rule } from './flow.ts';
import { valuesAt, type JsonValue } from './json.ts';

/**
 * Whether a semantic rule holds for a message. A rule about an absent field holds: what must be there is the schema's
 * business. Where a pointer finds several values, the rule is about every one of them.
 */
export function ruleHolds(rule: Rule, payload: JsonValue, headers: Readonly<Record<string, string>>): boolean {
  const values = valuesAt(payload, rule.field);
  switch (rule.rule) {
    case 'equals-header':
      return values.every((value) => textOf(value) !== undefined && textOf(value) === headers[rule.header]);
    case 'check-character':
      return values.every((value) => typeof value === 'string' && value === withCheckCharacter(value, rule));
    case 'not-before':
      return notBefore(values, valuesAt(payload, rule.other));
    case 'count':
      return values.every((value) => value === valuesAt(payload, rule.of).length);
    case 'sum':
      return values.every((value) => value === sumOf(valuesAt(payload, rule.of)));
  }
}

/** The text with the last character that its digits call for; undefined where it has no digits. */
export function withCheckCharacter(
  text: string,
  rule: Extract<Rule, { readonly rule: 'check-character' }>,
): string | undefined {
  const parts = (rule.slices ?? [[0, -1]]).map(([from, to]) => text.slice(from, to));
  const digits = parts.join('').replaceAll(/[^0-9]/g, '');
  if (digits === '') return undefined;
  return text.slice(0, -1) + rule.alphabet.charAt(Number(BigInt(digits) % BigInt(rule.alphabet.length)));
}

function notBefore(values: readonly JsonValue[], others: readonly JsonValue[]): boolean {
  const times = values.map(timeOf);
  return others.map(timeOf).every((other) => times.every((time) => time >= other));
}

/** NaN, which no comparison holds for, where the value is no RFC 3339 time. */
function timeOf(value: JsonValue): number {
  return (typeof value === 'string' ? parseTime(value) : undefined) ?? Number.NaN;
}

/** Undefined, which equals no number, where one of them is no whole number or the sum is beyond exact arithmetic. */
function sumOf(values: readonly JsonValue[]): number | undefined {
  let sum = 0;
  for (const value of values) {
    if (!Number.isSafeInteger(value)) return undefined;
    sum += value as number;
  }
  return Number.isSafeInteger(sum) ? sum : undefined;
}

function textOf(value: JsonValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? JSON.stringify(value) : undefined;
}
