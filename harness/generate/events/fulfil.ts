import type { Rule } from '../../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import { ruleHolds, withCheckCharacter } from '../../model/rules.ts';
import { placesOf } from './places.ts';

type Headers = Readonly<Record<string, string>>;

/**
 * A copy of a payload in which the rules hold, as far as changing the rules' own fields can bring it about. One rule's field
 * may be what another one is about, so they are gone through again, at most once for each of them.
 */
export function fulfil(payload: JsonValue, rules: readonly Rule[], headers: Headers): JsonValue {
  let value = payload;
  for (let pass = 0; pass < rules.length; pass++) {
    const broken = rules.filter((rule) => !ruleHolds(rule, value, headers));
    if (broken.length === 0) break;
    value = broken.reduce((changed, rule) => fulfilOne(changed, rule, headers), value);
  }
  return value;
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
      const header = headers[rule.header];
      if (header === undefined) return undefined;
      if (typeof value === 'boolean') return header === 'true';
      return typeof value === 'number' ? Number(header) : header;
    }
    case 'check-character':
      return typeof value === 'string' ? withCheckCharacter(value, rule) : undefined;
    case 'not-before':
      return latest([value, ...valuesAt(payload, rule.other)]);
    case 'count':
      return valuesAt(payload, rule.of).length;
    case 'sum':
      return valuesAt(payload, rule.of).reduce<number>((sum, item) => sum + (typeof item === 'number' ? item : 0), 0);
  }
}

/** The latest of several times, as it is written; undefined where one of them is no time. */
function latest(values: readonly JsonValue[]): string | undefined {
  let found: string | undefined;
  for (const value of values) {
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return undefined;
    if (found === undefined || Date.parse(value) > Date.parse(found)) found = value;
  }
  return found;
}
