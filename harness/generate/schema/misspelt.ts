/** One slip of the pen. */
import type { Draw } from './choices.ts';

const SLIPS = ['x', '0', 'A', '-', ' ', 'é'];

/** The text without its last character, with one more at either end, with another one in a place, or in other case. */
export function misspelt(text: string, draw: Draw): string {
  const characters = Array.from(text);
  const slip = (): string => SLIPS[draw.int(SLIPS.length - 1)] as string;
  const kind = draw.int(4);
  if (kind === 0) return characters.slice(0, -1).join('');
  if (kind === 1) return text + slip();
  if (kind === 2) return slip() + text;
  if (characters.length === 0) return slip();
  const at = draw.int(characters.length - 1);
  return characters.with(at, kind === 3 ? slip() : otherCase(characters[at] as string)).join('');
}

const otherCase = (character: string): string =>
  character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
