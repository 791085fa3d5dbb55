/**
 * The texts that match some patterns and not others, as an automaton. No pattern is catastrophic: there is no backtracking, only a
 * bound on states.
 */
import { END, intersection, pairs, palette, union, UNIVERSE, type Palette, type Ranges } from './charset.ts';
import { Expressions, type Expression } from './expression.ts';
import { expressionOf, parsePattern } from './pattern.ts';

/** States of one automaton. */
const MAX_STATES = 4_000;
/** What texts must match, must not match, and must not be. */
export interface Patterns {
  readonly patterns: readonly string[];
  readonly notPatterns: readonly string[];
  readonly notTexts: readonly string[];
}

export interface Step {
  readonly target: number;
  readonly characters: Palette;
}

export interface Automaton {
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
export function automatonOf({ patterns, notPatterns, notTexts }: Patterns): Automaton {
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

export function reachable(automaton: Automaton, length: number): Uint8Array {
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
