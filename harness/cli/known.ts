import { Problem } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';

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
