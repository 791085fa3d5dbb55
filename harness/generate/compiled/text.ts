/**
 * Texts, straight from the automaton of their language: plain characters, one table look-up each. What is not plain (other
 * scripts, escapes, a pattern that could only be approximated) comes from texts that were made and tested before.
 */
import type { Language } from '../schema/index.ts';
import { size } from './distribution.ts';
import type { Output, Write } from './output.ts';

const QUOTE = 0x22;
/** States times lengths of one language. */
const MAX_CELLS = 1_000_000;

/** What may come next: by eight bits of chance a character, and the state after it. */
interface Row {
  readonly characters: Uint8Array;
  readonly states: Uint16Array;
}

/** @returns undefined where the language has no plain text that could be written in this way */
export function writePlainText({ automaton, lengths, accepts }: Language): Write | undefined {
  if (accepts !== undefined) return undefined;
  const steps = automaton.steps.map((all) =>
    all.flatMap(({ target, characters }) => {
      const plain = characters.printable.filter(isPlain);
      return plain.length === 0 ? [] : [{ target, plain }];
    }),
  );
  const states = steps.length;
  const most = Math.min(lengths.at(-1) as number, Math.floor(MAX_CELLS / states) - 1);
  // open[n × states + state]: a text is complete after exactly n more plain characters.
  const open = new Uint8Array((most + 1) * states);
  open.set(automaton.reach[0] as Uint8Array);
  for (let left = 1; left <= most; left += 1)
    for (let state = 0; state < states; state += 1)
      if ((steps[state] as Steps).some(({ target }) => open[(left - 1) * states + target] === 1))
        open[left * states + state] = 1;
  const possible = lengths.filter((length) => length <= most && open[length * states] === 1);
  if (possible.length === 0) return undefined;
  const known = new Map<string, Row>();
  const rows: (Row | undefined)[] = Array.from({ length: (Math.max(...possible) + 1) * states });
  const rowAt = (left: number, state: number): Row => {
    const usable = (steps[state] as Steps).filter(({ target }) => open[left * states + target] === 1);
    const key = `${state} ${usable.map(({ target }) => target).join()}`;
    let row = known.get(key);
    if (row === undefined) known.set(key, (row = rowOf(usable)));
    return (rows[left * states + state] = row);
  };
  const runs: (Runs | undefined)[] = [];
  return (out) => {
    const index = size(out, 0, possible.length - 1);
    const length = possible[index] as number;
    const { given, after } = (runs[index] ??= runsOf(length, (left, state) => rowAt(left, state)));
    out.bytes[out.at++] = QUOTE;
    for (const run of given) writeRun(out, run);
    let { left, state } = after;
    if (left > 0) {
      const { bytes } = out;
      let { at } = out;
      let bits = 0;
      for (; left > 0; left -= 1) {
        if ((left & 3) === 0 || bits === 0) bits = out.bits();
        const row = rows[(left - 1) * states + state] ?? rowAt(left - 1, state);
        bytes[at++] = row.characters[bits & 255] as number;
        state = row.states[bits & 255] as number;
        bits >>>= 8;
      }
      out.at = at;
    }
    out.bytes[out.at++] = QUOTE;
  };
}

/** Characters of one table, in a row. */
interface Run {
  readonly characters: Uint8Array;
  /** They are all the same. */
  readonly isFixed: boolean;
  count: number;
}

/** The begin of a text, as far as each state has but one to follow it, and where it goes on by chance. */
interface Runs {
  readonly given: readonly Run[];
  readonly after: { readonly left: number; readonly state: number };
}

function runsOf(length: number, rowAt: (left: number, state: number) => Row): Runs {
  const given: Run[] = [];
  let state = 0;
  let left = length;
  for (; left > 0; left -= 1) {
    const { characters, states } = rowAt(left - 1, state);
    const next = states[0] as number;
    if (states.some((one) => one !== next)) break;
    const last = given.at(-1);
    if (last?.characters === characters) last.count += 1;
    else given.push({ characters, isFixed: characters.every((one) => one === characters[0]), count: 1 });
    state = next;
  }
  return { given, after: { left, state } };
}

function writeRun(out: Output, { characters, count, isFixed }: Run): void {
  const { bytes } = out;
  let { at } = out;
  const end = at + count;
  if (isFixed) {
    while (at < end) bytes[at++] = characters[0] as number;
    out.at = end;
    return;
  }
  while (at + 4 <= end) {
    const bits = out.bits();
    bytes[at] = characters[bits & 255] as number;
    bytes[at + 1] = characters[(bits >>> 8) & 255] as number;
    bytes[at + 2] = characters[(bits >>> 16) & 255] as number;
    bytes[at + 3] = characters[bits >>> 24] as number;
    at += 4;
  }
  for (let bits = at < end ? out.bits() : 0; at < end; bits >>>= 8) bytes[at++] = characters[bits & 255] as number;
  out.at = end;
}

type Steps = readonly { readonly target: number; readonly plain: readonly number[] }[];

/** Printable, and written as it is in JSON. */
const isPlain = (point: number): boolean => point >= 0x20 && point < 0x7f && point !== QUOTE && point !== 0x5c;
const isLetter = (point: number): boolean => /[a-zA-Z0-9 ]/.test(String.fromCharCode(point));

/** Each step as often as any other; within a step, letters and digits where it has any. */
function rowOf(steps: Steps): Row {
  const lists = steps.map(({ target, plain }) => {
    const letters = plain.filter(isLetter);
    return { target, list: letters.length > 0 ? letters : plain };
  });
  const characters = new Uint8Array(256);
  const states = new Uint16Array(256);
  for (let at = 0; at < 256; at += 1) {
    const { target, list } = lists[at % lists.length] as { target: number; list: number[] };
    characters[at] = list[Math.floor(at / lists.length) % list.length] as number;
    states[at] = target;
  }
  return { characters, states };
}
