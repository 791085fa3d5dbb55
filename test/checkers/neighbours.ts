/**
 * What small changes of a history make of its verdicts: of a case's, or of one of its breaks; of one in which a few things happen, drawn
 * anew for each; and of those that were recorded on a real bus, which are told as they are first. A line has the seed of all that is drawn,
 * what was changed, the clauses that fail and those that are undecided then, and a digest of all that is said. Seeds are those that are
 * approved; `npm run mutation` adds those that notice what nothing else does. `npm run docs` writes the text anew, and a test compares it.
 */
import { createHash } from 'node:crypto';
import { randomFrom, seedOf } from '../../harness/generate/random.ts';
import type { Flow } from '../../harness/model/flow.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { approvedIn, type Section } from './approved.ts';
import { breaks } from './breaks.ts';
import { familyFindings, findingsOf, wordOf, type Rows } from './build.ts';
import { namedCases, rowsOfCase } from './cases-all.ts';
import { change } from './changes.ts';
import { filtered, flowNames, flows, type FlowName } from './flows.ts';
import { perform, stories } from './healthy.ts';
import { recorded } from './recorded.ts';
import { linesOf } from './said.ts';
import { worldOf } from './world.ts';

export const neighboursFile = 'neighbours.txt';

/** A kind of histories: the one that a seed draws, what it is, and what is said of it. */
interface Kind {
  readonly name: string;
  readonly flow: Flow;
  readonly draw: (seed: number) => { readonly rows: Rows; readonly told: readonly string[] };
  readonly judge: (rows: Rows) => ReadonlyMap<string, Finding>;
  /** Where a history is told as it is, without changes, its seed. */
  readonly asItIs?: number;
}

const mostHappenings = 5;
/** Seeds from this one on draw of more ways to change a history. */
export const firstWider = 1000;

const kinds: readonly Kind[] = [
  ...namedCases.map((one): Kind => ({
    name: one.name,
    flow: one.flow,
    draw: (seed) => {
      const ways = [['', undefined] as const, ...Object.entries(one.breaks)];
      const [name, way] = ways[seed % ways.length] ?? ['', undefined];
      return { rows: rowsOfCase(one, way), told: name === '' ? [] : [name] };
    },
    judge: (rows) => familyFindings(one.flow, rows, one.clause),
  })),
  ...flowNames.map((name) => whatHappens(name, flows[name], name)),
  whatHappens('fan-out', filtered, 'fan-out, each receiver with keys of its own'),
  ...recorded.map(({ name, flow, rows, judge }): Kind => ({
    name,
    flow,
    draw: () => ({ rows: rows(), told: [] }),
    judge,
    asItIs: 0,
  })),
];

function whatHappens(pattern: FlowName, flow: Flow, name: string): Kind {
  const own = breaks.filter((one) => one.flows.includes(pattern));
  return {
    name,
    flow,
    draw: (seed) => {
      const random = randomFrom(seedOf(seed, `what happens on ${name}`));
      const count = random.integer(1, mostHappenings);
      const happenings = Array.from({ length: count }, () => ({
        story: random.pick(stories),
        key: random.integer(0, 1),
      }));
      const { world, rows } = worldOf(flow);
      perform(world, happenings);
      const told = happenings.map(({ story, key }) => `${story} k${String(key)}`);
      const broken = random.pick(own);
      const candidates = random.integer(0, 2) === 0 ? broken.candidates(rows) : [];
      if (candidates.length === 0) return { rows, told };
      broken.apply(rows, random.pick(candidates));
      return { rows, told: [...told, broken.name] };
    },
    judge: (rows) => findingsOf(flow, rows),
  };
}

const kindNamed = new Map(kinds.map((kind) => [kind.name, kind]));
const approved = approvedIn(neighboursFile);
/** What nobody has looked for more of. */
const seedsOfNew = [0, 1, 2, 3, 4, 5, 6, 7];

function approvedSeeds({ name, asItIs }: Kind): readonly number[] {
  const lines = approved.get(name)?.split('\n');
  return lines?.map((line) => Number.parseInt(line, 10)) ?? (asItIs === undefined ? seedsOfNew : [asItIs]);
}

/** With these seeds beside those that are approved, by the names of their kinds. */
export const neighboursWith = (further: ReadonlyMap<string, readonly number[]>): readonly Section[] =>
  kinds.map((kind) => ({
    name: kind.name,
    text: () =>
      [...new Set([...approvedSeeds(kind), ...(further.get(kind.name) ?? [])])]
        .map((seed) => `  ${String(seed)} ${neighbour(kind.name, seed)}`)
        .join('\n'),
  }));

export const neighbours: readonly Section[] = neighboursWith(new Map());

/** What is said of the history of a kind that a seed draws. */
export function neighbour(name: string, seed: number): string {
  const kind = kindNamed.get(name);
  if (kind === undefined) throw new RangeError(`no kind of histories is ${name}`);
  const { rows, told } = kind.draw(seed);
  const changes =
    seed === kind.asItIs ? ['as it is'] : [...told, ...change(rows, kind.flow, seedOf(seed, name), seed >= firstWider)];
  const findings = kind.judge(rows);
  const digest = createHash('sha256').update(linesOf(findings).join('\n')).digest('hex').slice(0, 6);
  return `${changes.join(', ')}: ${wordsOf(findings)}${digest}`;
}

function wordsOf(findings: ReadonlyMap<string, Finding>): string {
  const of = (word: string): readonly string[] =>
    [...findings].filter(([, finding]) => wordOf(finding) === word).map(([clause]) => clause);
  return ['fail', 'undecided']
    .filter((word) => of(word).length > 0)
    .map((word) => `${word} ${of(word).join(' ')}, `)
    .join('');
}
