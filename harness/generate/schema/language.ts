/**
 * The texts that match some patterns and not others, within bounds of length: an automaton that is walked at random. Nothing is
 * tried and thrown away.
 */
import { automatonOf, reachable, type Automaton, type Patterns, type Step } from './automaton.ts';
import { nth, type Palette } from './charset.ts';
import type { Draw } from './choices.ts';

/** Code points beyond the shortest that a text without (or with a vast) maxLength may have. */
const MAX_BEYOND = 4_096;
const BEYOND_WHEN_OPEN = 24;

export interface TextRules extends Patterns {
  /** In code points. */
  readonly minLength: number;
  readonly maxLength: number;
}

export interface Language {
  readonly automaton: Automaton;
  /** The lengths that its texts can have, in code points. */
  readonly lengths: readonly number[];
  readonly shortest: number;
  readonly draw: (draw: Draw) => string;
  /** Whether a drawn text must still be tested: a pattern could only be approximated. */
  readonly accepts: ((text: string) => boolean) | undefined;
}

/**
 * @returns undefined where no text obeys the rules
 * @throws {Error} with the reason, where a pattern is malformed or cannot be generated from
 */
export function languageOf(rules: TextRules): Language | undefined {
  const { minLength, maxLength } = rules;
  if (minLength > maxLength) return undefined;
  const automaton = automatonOf(rules);
  const possible = (length: number): boolean => reachable(automaton, length)[0] === 1;
  const lengths: number[] = [];
  const last = Math.min(maxLength, minLength + automaton.steps.length + MAX_BEYOND);
  let limit = last;
  for (let length = minLength; length <= limit; length += 1) {
    if (!possible(length)) {
      if (length > 0 && lengths.length === 0 && !alive(automaton, length)) break;
      continue;
    }
    if (lengths.length === 0) limit = Math.min(last, length + (maxLength === Infinity ? BEYOND_WHEN_OPEN : MAX_BEYOND));
    lengths.push(length);
  }
  if (lengths.length === 0) return undefined;
  const { tests } = automaton;
  return {
    automaton,
    lengths,
    shortest: lengths[0] as number,
    draw: (draw) => walk(automaton, lengths, draw),
    accepts: tests.length === 0 ? undefined : (text) => tests.every((test) => test(text)),
  };
}

/** Whether any state can still be completed by a text of that length. */
const alive = (automaton: Automaton, length: number): boolean => reachable(automaton, length).includes(1);

function walk(automaton: Automaton, lengths: readonly number[], draw: Draw): string {
  const start = draw.position;
  const style = draw.int(7);
  const before = draw.position;
  const length = lengths[draw.length(0, lengths.length - 1)] as number;
  const lengthAt = draw.position > before ? draw.last : -1;
  reachable(automaton, length);
  const at = { state: 0 };
  let text = '';
  for (let left = length - 1; left >= 0; left -= 1) {
    const from = draw.position;
    text += String.fromCodePoint(next(automaton, at, automaton.reach[left] as Uint8Array, style, draw));
    draw.close(from, lengthAt);
  }
  draw.close(start);
  return text;
}

/** Six texts in eight are plain, one has punctuation, one whatever is allowed. */
const groupOf = (of: Palette, style: number): readonly number[] =>
  style < 6 ? of.plain : style === 6 ? of.printable : of.all;
const RARE = 12;

/** Takes a step. It is one choice of all characters that can come next: by chance first the step, then its character. */
function next(automaton: Automaton, at: { state: number }, open: Uint8Array, style: number, draw: Draw): number {
  const steps = automaton.steps[at.state] as readonly Step[];
  const isAny = style === 7;
  let possible = 0;
  let total = 0;
  for (const { target, characters } of steps) {
    if (open[target] === 0) continue;
    possible += 1;
    total += groupOf(characters, style).length + (isAny ? characters.size : 0);
  }
  let choice = draw.choose(total - 1, sampled(steps, open, possible, style, draw));
  for (const { target, characters } of steps) {
    if (open[target] === 0) continue;
    const group = groupOf(characters, style);
    const size = group.length + (isAny ? characters.size : 0);
    if (choice >= size) {
      choice -= size;
      continue;
    }
    at.state = target;
    return choice < group.length
      ? (group[choice] as number)
      : printable(nth(characters.set, choice - group.length), group);
  }
  throw new Error('no character can come next');
}

function sampled(steps: readonly Step[], open: Uint8Array, possible: number, style: number, draw: Draw): number {
  const random = draw.chance;
  if (random === undefined) return 0;
  const isAny = style === 7;
  let skip = possible > 1 ? random.nextInt(0, possible - 1) : 0;
  let before = 0;
  for (const { target, characters } of steps) {
    if (open[target] === 0) continue;
    const known = groupOf(characters, style).length;
    if (skip > 0) {
      skip -= 1;
      before += known + (isAny ? characters.size : 0);
    } else if (isAny && random.nextInt(1, RARE) === 1) return before + known + random.nextInt(0, characters.size - 1);
    else return known > 1 ? before + random.nextInt(0, known - 1) : before;
  }
  return 0;
}

/** Control characters only where there is nothing else. */
const printable = (point: number, group: readonly number[]): number =>
  point < 0x20 || (point >= 0x7f && point < 0xa0) ? (group[0] as number) : point;
