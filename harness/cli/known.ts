import { Problem } from '../model/errors.ts';

/** The one of the known names that was meant: as it stands, or but for upper and lower case. Throws a usage problem with the nearest. */
export function knownName(what: string, name: string, known: readonly string[], list?: string): string {
  const same = known.includes(name) ? name : known.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (same !== undefined) return same;
  const near = nearest(name, known);
  const meant = near === undefined ? '' : `; did you mean ${near}?`;
  throw new Problem('usage', `there is no ${what} ${JSON.stringify(name)}${meant}`, {
    next: list ?? `give one of ${known.join(', ')}`,
  });
}

/** The one known name that is fewest edits away, where those are no more than a slip of the hand. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const [best, second] = known
    .map((candidate) => ({ candidate, edits: edits(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter((entry) => entry.edits <= limit)
    .toSorted((a, b) => a.edits - b.edits);
  return best?.edits === second?.edits ? undefined : best?.candidate;
}

/** Levenshtein distance. */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [i, a] of Array.from(one).entries()) {
    const next = [i + 1];
    for (const [j, b] of Array.from(other).entries()) {
      next.push(Math.min((row[j] ?? 0) + (a === b ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
