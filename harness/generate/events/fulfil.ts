import type { Rule } from '../../model/flow.ts';
import { isJsonObject, valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import { withCheckCharacter } from '../../model/rules.ts';

type Headers = Readonly<Record<string, string>>;

/** A copy of a payload in which the rules hold, as far as changing the rules' own fields can bring it about. */
export function fulfil(payload: JsonValue, rules: readonly Rule[], headers: Headers): JsonValue {
  return rules.reduce<JsonValue>((value, rule) => fulfilOne(value, rule, headers), payload);
}

function fulfilOne(payload: JsonValue, rule: Rule, headers: Headers): JsonValue {
  let changed = payload;
  for (const place of placesOf(payload, rule.field)) {
    const value = fulfilling(changed, rule, valuesAt(changed, place)[0] ?? null, headers);
    if (value !== undefined) changed = withValueAt(changed, place, value);
  }
  return changed;
}

function fulfilling(payload: JsonValue, rule: Rule, value: JsonValue, headers: Headers): JsonValue | undefined {
  switch (rule.rule) {
    case 'equals-header': {
      const header = headers[rule.header.toLowerCase()];
      if (header === undefined) return undefined;
      return typeof value === 'number' ? Number(header) : header;
    }
    case 'check-character':
      return typeof value === 'string' ? withCheckCharacter(value, rule) : undefined;
    case 'not-before': {
      const other = valuesAt(payload, rule.other)[0];
      if (typeof value !== 'string' || typeof other !== 'string') return undefined;
      return Date.parse(value) < Date.parse(other) ? other : undefined;
    }
    case 'count':
      return valuesAt(payload, rule.of).length;
    case 'sum':
      return valuesAt(payload, rule.of).reduce<number>((sum, item) => sum + (typeof item === 'number' ? item : 0), 0);
  }
}

/** A copy of a payload in which one rule is broken, and undefined where this payload gives no way to. */
export function breakRule(payload: JsonValue, rule: Rule): JsonValue | undefined {
  const place = placesOf(payload, rule.field)[0];
  if (place === undefined) return undefined;
  const value = valuesAt(payload, place)[0];
  const broken = breaking(payload, rule, value);
  return broken === undefined ? undefined : withValueAt(payload, place, broken);
}

function breaking(payload: JsonValue, rule: Rule, value: JsonValue | undefined): JsonValue | undefined {
  switch (rule.rule) {
    case 'equals-header':
      if (typeof value === 'number') return value + 1;
      return typeof value === 'string' ? otherText(value) : undefined;
    case 'check-character': {
      if (typeof value !== 'string') return undefined;
      const at = rule.alphabet.indexOf(value.slice(-1));
      return value.slice(0, -1) + rule.alphabet.charAt((at + 1) % rule.alphabet.length);
    }
    case 'not-before': {
      const other = valuesAt(payload, rule.other)[0];
      if (typeof value !== 'string' || typeof other !== 'string') return undefined;
      return new Date(Date.parse(other) - 86_400_000).toISOString();
    }
    case 'count':
    case 'sum':
      return typeof value === 'number' ? value + 1 : undefined;
  }
}

/** Another text of the same shape: the first digit or letter that can be another one is. */
function otherText(text: string): string {
  const at = text.search(/[1-8]/);
  if (at >= 0) return text.slice(0, at) + String(Number(text.charAt(at)) + 1) + text.slice(at + 1);
  const letter = text.search(/[A-Ya-y]/);
  if (letter < 0) return `${text}1`;
  return text.slice(0, letter) + String.fromCharCode(text.charCodeAt(letter) + 1) + text.slice(letter + 1);
}

/** The JSON Pointers that a pointer with `*` stands for in a value. */
export function placesOf(value: JsonValue, pointer: string): readonly string[] {
  const star = pointer.indexOf('/*');
  if (star < 0) return valuesAt(value, pointer).length > 0 ? [pointer] : [];
  const items = valuesAt(value, pointer.slice(0, star))[0];
  if (!Array.isArray(items)) return [];
  return items.flatMap((_, index) => placesOf(value, `${pointer.slice(0, star)}/${String(index)}${pointer.slice(star + 2)}`));
}

/** Every string of a value, with its JSON Pointer. */
export function stringsOf(value: JsonValue, at = ''): readonly { readonly place: string; readonly text: string }[] {
  if (typeof value === 'string') return [{ place: at, text: value }];
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).flatMap((item, index) => stringsOf(item, `${at}/${String(index)}`));
  }
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    stringsOf(member, `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
}
