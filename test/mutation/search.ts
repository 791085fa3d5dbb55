import { appendFileSync } from 'node:fs';
import { randomFrom, seedOf } from '../../harness/generate/random.ts';
import { firstWider, neighbour } from '../checkers/neighbours.ts';

/** Environment variables: the path of the file that what is found is added to, a line each; and the longest time to look on one mutant. */
export const foundVariable = 'MUTATION_FOUND';
export const mostMsVariable = 'MUTATION_SEARCH_MS';

/** Seeds that are drawn from: what is said without a mutant is kept for each. */
const seeds = 2 * firstWider;

interface Drawn {
  readonly kind: string;
  readonly seed: number;
}

/** Looks for histories that notice what no test does. */
export class Search {
  readonly #said = new Map<string, string>();
  readonly #found: Drawn[] = [];
  /** Calls something as though nothing were mutated. */
  readonly #unchanged: <T>(call: () => T) => T;

  constructor(unchanged: <T>(call: () => T) => T) {
    this.#unchanged = unchanged;
  }

  /** Whether a history of one of these kinds notices the mutant that is active; those that were found before are tried first. */
  notices(mutant: string, kinds: readonly string[]): boolean {
    if (kinds.length === 0) return false;
    if (this.#found.some((drawn) => kinds.includes(drawn.kind) && this.#differs(drawn))) return true;
    const random = randomFrom(seedOf(0, mutant));
    const end = performance.now() + Number(process.env[mostMsVariable]);
    while (performance.now() < end) {
      const drawn = { kind: random.pick(kinds), seed: random.integer(0, seeds) };
      if (!this.#differs(drawn)) continue;
      this.#found.push(drawn);
      appendFileSync(process.env[foundVariable] ?? '', `${JSON.stringify([drawn.kind, drawn.seed])}\n`);
      return true;
    }
    return false;
  }

  #differs({ kind, seed }: Drawn): boolean {
    const key = `${String(seed)} ${kind}`;
    const before = this.#said.get(key) ?? this.#unchanged(() => neighbour(kind, seed));
    this.#said.set(key, before);
    try {
      return neighbour(kind, seed) !== before;
    } catch {
      return true;
    }
  }
}
