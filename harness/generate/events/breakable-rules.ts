import type { Message } from '../../model/flow.ts';
import { valuesAt, type JsonValue } from '../../model/json.ts';
import { ruleHolds } from '../../model/rules.ts';
import { breakings } from './break-rule.ts';
import { fulfil } from './fulfil.ts';
import { accepts, samplePayload } from './schemas.ts';

const mostDraws = 40;
const known = new WeakMap<Message, ReadonlySet<number>>();

/**
 * The rules, by their index, that some payload breaks which its schema and the other rules allow. A rule about a field that has
 * one value only, or that is never there, cannot be broken alone.
 */
export function breakableRules(message: Message): ReadonlySet<number> {
  const before = known.get(message);
  if (before !== undefined) return before;
  const found = new Set<number>();
  for (let draw = 0; draw < mostDraws && found.size < message.rules.length; draw++) {
    const drawn = samplePayload(message, draw);
    const headers = headersFor(message, drawn);
    const base = fulfil(drawn, message.rules, headers);
    const holds = (payload: JsonValue): readonly boolean[] =>
      message.rules.map((rule) => ruleHolds(rule, payload, headers));
    if (!accepts(message, base) || holds(base).includes(false)) continue;
    for (const [index, rule] of message.rules.entries()) {
      if (found.has(index)) continue;
      const breaks = breakings(base, rule, samplePayload(message, mostDraws + draw)).some(
        (payload) => accepts(message, payload) && holds(payload).every((held, at) => held === (at !== index)),
      );
      if (breaks) found.add(index);
    }
  }
  known.set(message, found);
  return found;
}

/** Headers of which the payload's `equals-header` rules hold. */
function headersFor(message: Message, payload: JsonValue): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const rule of message.rules) {
    const value = rule.rule === 'equals-header' ? valuesAt(payload, rule.field)[0] : undefined;
    if (rule.rule === 'equals-header' && value !== undefined)
      headers[rule.header] ??= typeof value === 'string' ? value : JSON.stringify(value);
  }
  return headers;
}
