import type { Flow, Message } from '../../model/flow.ts';
import { withValueAt, type JsonValue } from '../../model/json.ts';
import type { Random } from '../random.ts';
import { placesOf, stringsOf } from './fulfil.ts';

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
/** 10 characters of 32: 50 random bits, above the 40 that make a chance hit out of the question. */
const length = 10;

export interface Marked {
  readonly payload: JsonValue;
  readonly canaries: readonly string[];
  /** Strings that have no room for a canary. */
  readonly uncovered: readonly string[];
}

/**
 * Puts a canary into every string of a payload that has room for one and travels in no header and no subject by contract.
 * A generated string that is long and varied enough is its own canary.
 */
export function withCanaries(
  payload: JsonValue,
  flow: Flow,
  message: Message,
  valid: (payload: JsonValue) => boolean,
  random: Random,
): Marked {
  const open = new Set(openPlaces(payload, flow, message));
  const canaries: string[] = [];
  const uncovered: string[] = [];
  let marked = payload;
  for (const { place, text } of stringsOf(payload)) {
    if (open.has(place)) continue;
    const canary = candidates(text, random).find((candidate) => valid(withValueAt(marked, place, candidate)));
    if (canary !== undefined) {
      marked = withValueAt(marked, place, canary);
      canaries.push(canary);
    } else if (new Set(text).size >= 10 && /\d/.test(text) && /^[A-Za-z0-9]{16,}$/.test(text)) canaries.push(text);
    else uncovered.push(place.replaceAll(/\/\d+/g, '/*'));
  }
  return { payload: marked, canaries, uncovered };
}

/** Fields that x-flow names as key or filter, or that equal a header by rule: declared non-personal. */
function openPlaces(payload: JsonValue, flow: Flow, message: Message): readonly string[] {
  const fields = [
    ...(flow.key === undefined ? [] : [flow.key]),
    ...flow.parameters.filter((parameter) => parameter.location.of === 'payload').map((parameter) => parameter.location.pointer),
    ...message.rules.filter((rule) => rule.rule !== 'not-before').map((rule) => rule.field),
  ];
  return fields.flatMap((field) => placesOf(payload, field));
}

function candidates(text: string, random: Random): readonly string[] {
  const canary = random.text(length, alphabet);
  const uuid = `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
  // Longer than the canary alone, so that what an adapter does to accents or length shows as well.
  return [`${text.slice(0, 40)} ${canary}`, canary, canary.toLowerCase(), uuid];
}

const hex = (random: Random, digits: number): string => random.text(digits, '0123456789abcdef');
