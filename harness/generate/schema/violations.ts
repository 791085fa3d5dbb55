/** Every place at which a keyword can be broken, and the values that break it. */
import type { Entry } from './alternatives.ts';
import { Attempt, type Broken, type Place, type Step } from './attempt.ts';
import { breaksOf, type Break } from './breaks.ts';
import type { Graph } from './graph.ts';
import type { Node, Option } from './node.ts';
import { token } from './json.ts';

/** Violations looked for in one schema; elements and members further down count each for themselves. */
const MAX_VIOLATIONS = 2_000;
/** Ways to places that are followed in one schema. */
const MAX_VISITS = 4_000;
/** Past so many places, a keyword of the schema counts at its nearest places only. */
const MANY_PLACES = 300;
const NEAREST = 4;
/** Ways to the same keyword and place that are tried. */
const MAX_ROUTES = 4;

interface Visit {
  readonly node: Node;
  readonly path: string;
  readonly route: readonly Step[];
  readonly above: readonly Node[];
}

/** What may break each keyword: the ways to its place, by `keyOf` it. What a way comes to is found out when it is asked for. */
export type Attempts = ReadonlyMap<string, Attempt[]>;

/** Nearest places first, so that a recursive schema's bound cuts off the deepest. */
export function attemptsOf(graph: Graph): Attempts {
  const found = new Map<string, Attempt[]>();
  const counts = new Map<string, number>();
  const visits = new Map<string, number>();
  const queue: Visit[] = [{ node: graph.root, path: '', route: [], above: [] }];
  for (let at = 0; at < queue.length && found.size < MAX_VIOLATIONS; at += 1) {
    const { node, path, route, above } = queue[at] as Visit;
    for (const option of node.options) {
      if (option.draw === undefined || option.cost((child) => child.cost) === Infinity) continue;
      for (const [place, entry, broken] of breakable(option, path)) {
        const attempts = found.get(keyOf(place)) ?? [];
        if (attempts.length === 0) {
          const count = (counts.get(place.schemaPath) ?? 0) + 1;
          if (found.size >= MANY_PLACES && count > NEAREST) continue;
          counts.set(place.schemaPath, count);
        }
        if (attempts.length < MAX_ROUTES)
          found.set(keyOf(place), [...attempts, new Attempt(graph, node, entry, broken, place, route)]);
      }
      for (const { key, node: child } of option.places()) {
        const next = `${path}/${token(key)}`;
        const visited = visits.get(`${child.id} ${next}`) ?? 0;
        if (above.includes(child) || child === node || visited >= MAX_ROUTES || queue.length >= MAX_VISITS) continue;
        visits.set(`${child.id} ${next}`, visited + 1);
        queue.push({ node: child, path: next, route: [...route, { option, key }], above: [...above, node] });
      }
    }
  }
  return found;
}

function* breakable(option: Option, path: string): Iterable<readonly [Place, Entry, Break]> {
  for (const entry of option.alternative.entries) {
    // What the alternatives put together themselves is not in the document, and no validator tells of it.
    if (!entry.located.isDeclared || isTest(entry)) continue;
    for (const broken of breaksOf(entry, option.alternative)) {
      const at = broken.member === undefined ? path : `${path}/${token(broken.member)}`;
      yield [{ keyword: broken.keyword, path: at, schemaPath: `${entry.located.path}${broken.suffix}` }, entry, broken];
    }
  }
}

/** What breaks a keyword: the first way that breaks it alone, else the first that breaks it at all. */
export function brokenBy(attempts: readonly Attempt[]): Broken | undefined {
  let best: Broken | undefined;
  for (const attempt of attempts) {
    best = attempt.best(best !== undefined) ?? best;
    if (best?.violation.alone === true) return best;
  }
  return best;
}

export const keyOf = ({ keyword, path, schemaPath }: Place): string => `${keyword}\n${path}\n${schemaPath}`;

/** Whether the schema is an `if`, or applied by one: to break it breaks nothing. */
const isTest = (entry: Entry): boolean =>
  UNDER_IF.test(entry.located.path) ||
  [...entry.under].some((one) =>
    [...one.under].some((above) => above !== one && above.located.schema['if'] === one.located.schema),
  );

/** In a schema's path, an `if` that is a keyword and not the name of a member or definition. */
const UNDER_IF = /(?<!\/(?:properties|patternProperties|dependentSchemas|\$defs|definitions))\/if(?:\/|$)/;
