import { seedOf } from '../generate/random.ts';
import { needsProgram, type Defect } from './defect.ts';

/** Those that only a program shows, and `size` of the others, drawn by a seed; in the order of the bank. */
export function sampleOf(bank: readonly Defect[], size: number, seed: number): readonly Defect[] {
  const others = bank.filter((defect) => !needsProgram(defect));
  const drawn = new Set(
    others.toSorted((one, other) => seedOf(seed, one.name) - seedOf(seed, other.name)).slice(0, size),
  );
  return bank.filter((defect) => needsProgram(defect) || drawn.has(defect));
}
