import type { Flow, Message } from '../../model/flow.ts';
import { withValueAt, type JsonValue } from '../../model/json.ts';
import type { Random } from '../random.ts';
import type { MadePayload } from './payload.ts';
import { leavesOf, placesOf } from './places.ts';
import { anonymousPlace } from '../../model/declared.ts';

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ';
const digits = '23456789';
/** A letter, 8 characters of 32, a digit: 47 random bits, above the 40 that make a chance hit out of the question. */
const canaryText = (random: Random): string =>
  random.text(1, letters) + random.text(8, letters + digits) + random.text(1, digits);
/** Characters of a string's own text that are kept in front of its canary, unless there are more: then so many that it stays as long as it is. */
const keptCharacters = 40;

export interface Marked {
  readonly payload: JsonValue;
  readonly canaries: readonly string[];
  /** Strings and numbers that have no room for a canary. */
  readonly uncovered: readonly string[];
}

/**
 * Puts a canary into every string of a payload that has room for one and travels in no header and no subject by contract.
 * A generated string that is long and varied enough is its own canary. The payload stays as it is planned: valid, or broken so.
 */
export function withCanaries({ payload, keeps }: MadePayload, flow: Flow, message: Message, random: Random): Marked {
  const open = new Set(openPlaces(payload, flow, message));
  const canaries: string[] = [];
  const uncovered: string[] = [];
  let marked = payload;
  for (const { place, value } of leavesOf(payload)) {
    if (open.has(place)) continue;
    const text = typeof value === 'string' ? value : '';
    const canary =
      typeof value === 'string'
        ? candidates(text, random).find((candidate) => keeps(withValueAt(marked, place, candidate)))
        : undefined;
    if (canary !== undefined) {
      marked = withValueAt(marked, place, canary);
      canaries.push(canary);
    } else if (isOwnCanary(text)) canaries.push(text);
    else if (!isDigest(text)) uncovered.push(place);
  }
  return { payload: marked, canaries, uncovered: uncovered.map((place) => anonymousPlace(message.payload, place)) };
}

/** Fields that x-flow names as key or filter, or that equal a header by rule: declared non-personal. */
function openPlaces(payload: JsonValue, flow: Flow, message: Message): readonly string[] {
  const fields = [
    ...(flow.key === undefined ? [] : [flow.key]),
    ...flow.parameters
      .filter((parameter) => parameter.location.of === 'payload')
      .map((parameter) => parameter.location.pointer),
    ...message.rules.filter((rule) => rule.rule === 'equals-header').map((rule) => rule.field),
  ];
  return fields.flatMap((field) => placesOf(payload, field));
}

function* candidates(text: string, random: Random): Generator<string, undefined> {
  const canary = canaryText(random);
  // Longer than the canary alone, so that what an adapter does to accents or length shows as well.
  const characters = Array.from(text);
  const kept = Math.max(keptCharacters, characters.length - canary.length - 1);
  yield `${characters.slice(0, kept).join('').toWellFormed()} ${canary}`;
  yield canary;
  yield canary.toLowerCase();
  yield `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`;
}

const hex = (random: Random, length: number): string => random.text(length, '0123456789abcdef');

/** The digest of a whole file: the object store keeps it too, and it says nothing about a person. */
const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

const isOwnCanary = (text: string): boolean =>
  !isDigest(text) && new Set(text).size >= 10 && /\d/.test(text) && /^[A-Za-z0-9]{16,}$/.test(text);
