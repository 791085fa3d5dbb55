/**
 * The texts that match some patterns and not others, within bounds of length, as an automaton that is
 * walked at random. Nothing is tried and thrown away, and no pattern is catastrophic: there is no
 * backtracking, only a bound on states.
 */
import { END, intersection, nth, pairs, palette, union, UNIVERSE, type Palette, type Ranges } from './charset.ts';
import type { Draw } from './choices.ts';
import { Expressions, type Expression } from './expression.ts';
import { expressionOf, parsePattern } from './pattern.ts';

/** States of one automaton. */
const MAX_STATES = 4_000;
/** Code points beyond the shortest that a text without (or with a vast) maxLength may have. */
const MAX_BEYOND = 4_096;
const BEYOND_WHEN_OPEN = 24;

export interface TextRules {
  readonly patterns: readonly string[];
  readonly notPatterns: readonly string[];
  readonly notTexts: readonly string[];
  /** In code points. */
  readonly minLength: number;
  readonly maxLength: number;
}

interface Step {
  readonly target: number;
  readonly characters: Palette;
}

interface Automaton {
  readonly steps: readonly (readonly Step[])[];
  /** The targets of all steps; those of a state lie between `ends[state]` and `ends[state + 1]`. */
  readonly targets: Int32Array;
  readonly ends: Int32Array;
  /** `reach[n][state]`: a text is complete after exactly n more characters. */
  readonly reach: Uint8Array[];
  readonly tests: readonly ((text: string) => boolean)[];
}

const automata = new Map<string, Automaton>();
const MAX_AUTOMATA = 2_000;

const escape = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** @throws {Error} with the reason, where a pattern is malformed or cannot be generated from */
function automatonOf({ patterns, notPatterns, notTexts }: TextRules): Automaton {
  const key = JSON.stringify([patterns, notPatterns, notTexts]);
  const known = automata.get(key);
  if (known !== undefined) return known;
  if (automata.size >= MAX_AUTOMATA) automata.clear();
  const made = build(patterns, [...notPatterns, ...notTexts.map((text) => `^${escape(text)}$`)]);
  automata.set(key, made);
  return made;
}

function build(patterns: readonly string[], notPatterns: readonly string[]): Automaton {
  const make = new Expressions();
  const wanted = patterns.map(parsePattern);
  const unwanted = notPatterns.map(parsePattern);
  const tests = [
    ...wanted
      .filter((one) => one.approximate)
      .map(
        ({ regex }) =>
          (text: string) =>
            regex.test(text),
      ),
    ...unwanted
      .filter((one) => one.approximate)
      .map(
        ({ regex }) =>
          (text: string) =>
            !regex.test(text),
      ),
  ];
  const whole = make.and(
    make.any,
    ...wanted.map((one) => expressionOf(one, make)),
    ...unwanted.filter((one) => !one.approximate).map((one) => make.not(expressionOf(one, make))),
  );
  const classes = classesOf(make.sets);
  const known = classes.map(() => new Map<number, Expression>());
  const atEnd = new Map<number, Expression>();
  const states = new Map<number, number>([[whole.id, 0]]);
  const queue = [whole];
  const steps: Step[][] = [];
  const accepting: number[] = [];
  const palettes = new Map<string, Palette>();
  for (let at = 0; at < queue.length; at += 1) {
    const state = queue[at] as Expression;
    accepting.push(make.derivative(state, END, atEnd).nullable ? 1 : 0);
    const byTarget = new Map<number, Ranges[]>();
    classes.forEach((set, index) => {
      const next = make.derivative(state, set[0] as number, known[index] as Map<number, Expression>);
      if (next.kind === 'none') return;
      let target = states.get(next.id);
      if (target === undefined) {
        target = queue.push(next) - 1;
        if (target >= MAX_STATES) throw new Error(`it needs more than ${MAX_STATES} states`);
        states.set(next.id, target);
      }
      byTarget.set(target, [...(byTarget.get(target) ?? []), set]);
    });
    const out = Array.from(byTarget, ([target, sets]) => {
      const set = sets.length === 1 ? (sets[0] as Ranges) : union(...sets);
      const name = set.join();
      const characters = palettes.get(name) ?? palette(set);
      palettes.set(name, characters);
      return { target, characters };
    });
    steps.push(out.toSorted((a, b) => rank(a) - rank(b)));
  }
  const targets = Int32Array.from(steps.flatMap((out) => out.map((step) => step.target)));
  const ends = new Int32Array(steps.length + 1);
  steps.forEach((out, state) => {
    ends[state + 1] = (ends[state] as number) + out.length;
  });
  return { steps, targets, ends, reach: [Uint8Array.from(accepting)], tests };
}

const SIMPLEST = palette(UNIVERSE).all;
const rank = (step: Step): number => {
  const at = SIMPLEST.indexOf(step.characters.all[0] as number);
  return at < 0 ? SIMPLEST.length : at;
};

/** Characters told apart by none of the sets, together: disjoint sets that cover the universe. */
function classesOf(sets: readonly Ranges[]): Ranges[] {
  const edges = new Set<number>();
  for (const set of [...sets, UNIVERSE]) for (const [from, to] of pairs(set)) edges.add(from).add(to + 1);
  const sorted = [...edges].toSorted((a, b) => a - b);
  const bySignature = new Map<string, [number, number][]>();
  const cursors = sets.map(() => 0);
  for (let i = 0; i + 1 < sorted.length; i += 1) {
    const from = sorted[i] as number;
    if (from > 0x10ffff) break;
    let signature = '';
    sets.forEach((set, index) => {
      let cursor = cursors[index] as number;
      while (cursor < set.length && (set[cursor + 1] as number) < from) cursor += 2;
      cursors[index] = cursor;
      signature += cursor < set.length && (set[cursor] as number) <= from ? '1' : '0';
    });
    const group = bySignature.get(signature) ?? [];
    group.push([from, (sorted[i + 1] as number) - 1]);
    bySignature.set(signature, group);
  }
  return [...bySignature.values()]
    .map((group) => intersection(union(...group.map((pair) => pair as Ranges)), UNIVERSE))
    .filter((set) => set.length > 0);
}

function reachable(automaton: Automaton, length: number): Uint8Array {
  const { reach, steps, targets, ends } = automaton;
  while (reach.length <= length) {
    const before = reach.at(-1) as Uint8Array;
    const now = new Uint8Array(steps.length);
    for (let state = 0; state < now.length; state += 1)
      for (let at = ends[state] as number; at < (ends[state + 1] as number); at += 1)
        if (before[targets[at] as number] === 1) {
          now[state] = 1;
          break;
        }
    reach.push(now);
  }
  return reach[length] as Uint8Array;
}

export interface Language {
  /** In code points. */
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
