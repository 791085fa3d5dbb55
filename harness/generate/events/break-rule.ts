import type { Rule } from '../../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import { placesOf } from './places.ts';

const dayMs = 86_400_000;

/**
 * Copies of a payload that break one rule closely, those first: in the last place that it is about, and in a way that one who compares
 * loosely overlooks. Which of them break it, and nothing else, is for the caller to see.
 */
export function closeBreakings(payload: JsonValue, rule: Rule): readonly JsonValue[] {
  const places = placesOf(payload, rule.field).toReversed();
  const near = changedAt(payload, places, (value) => nearOf(rule, value));
  const far = changedAt(payload, places, (value) => insteadOf(payload, rule, value));
  return [...near, ...laterBy(1, payload, rule), ...far];
}

/**
 * Copies of a payload that may break one rule; which of them do, and break nothing else, is for the caller to see.
 * @param other another payload of the same schema, whose values the field may have too
 */
export function breakings(payload: JsonValue, rule: Rule, other?: JsonValue): readonly JsonValue[] {
  const drawn = other === undefined || rule.rule !== 'equals-header' ? [] : valuesAt(other, rule.field);
  const places = placesOf(payload, rule.field);
  const changed = changedAt(payload, places, (value) => insteadOf(payload, rule, value));
  return [...changed, ...laterBy(1000, payload, rule), ...changedAt(payload, places, () => drawn)];
}

/** What is another text, but the same to who looks less closely. */
function nearOf(rule: Rule, value: JsonValue): readonly JsonValue[] {
  if (rule.rule === 'count' || rule.rule === 'sum') return typeof value === 'number' ? [value - 1] : [];
  if (rule.rule !== 'equals-header' || typeof value !== 'string') return [];
  const capitals = value.toUpperCase();
  const cased = capitals === value ? value.toLowerCase() : capitals;
  const timed = value.endsWith('Z') ? `${value.slice(0, -1)}+00:00` : value.replace(/\+00:00$/u, 'Z');
  return [timed, cased].filter((text) => text !== value);
}

/** A time that another is not to be before, made later than it by so many milliseconds: the other may be one that must stay. */
function laterBy(ms: number, payload: JsonValue, rule: Rule): readonly JsonValue[] {
  if (rule.rule !== 'not-before') return [];
  return valuesAt(payload, rule.field).flatMap((value) => {
    const at = typeof value === 'string' ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(at)) return [];
    const later = new Date(at + ms).toISOString();
    return placesOf(payload, rule.other).map((place) => withValueAt(payload, place, later));
  });
}

/** Copies of a payload in which one of the places has another value. */
function changedAt(
  payload: JsonValue,
  places: readonly string[],
  others: (value: JsonValue) => readonly JsonValue[],
): readonly JsonValue[] {
  return places.flatMap((place) =>
    others(valuesAt(payload, place)[0] ?? null).map((value) => withValueAt(payload, place, value)),
  );
}

function insteadOf(payload: JsonValue, rule: Rule, value: JsonValue): readonly JsonValue[] {
  switch (rule.rule) {
    case 'equals-header':
      return typeof value === 'string' ? otherTexts(value) : others(value);
    case 'check-character':
      return typeof value === 'string' ? Array.from(rule.alphabet, (character) => value.slice(0, -1) + character) : [];
    case 'not-before':
      return valuesAt(payload, rule.other).flatMap((other) => {
        const at = typeof other === 'string' ? Date.parse(other) : Number.NaN;
        return Number.isNaN(at) ? [] : [new Date(at - 1000).toISOString(), new Date(at - dayMs).toISOString()];
      });
    case 'count':
    case 'sum':
      return others(value);
  }
}

const others = (value: JsonValue): readonly number[] => (typeof value === 'number' ? [value + 1, value - 1] : []);

/** Other texts of the same shape: one digit or letter is the next one. */
function otherTexts(text: string): readonly string[] {
  return Array.from(text.matchAll(/[0-8A-Ya-y]/g), ({ 0: character, index }) => {
    const next = String.fromCharCode(character.charCodeAt(0) + 1);
    return text.slice(0, index) + next + text.slice(index + 1);
  });
}
