import { InvalidArgumentError } from 'commander';

/** Parsers of option values: each gives the value or says what it should have been. */
export function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || text.trim() === '') throw new InvalidArgumentError('give a whole number.');
  return value;
}

export function positive(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('give a whole number above 0.');
  return value;
}

export function scale(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('give a factor above 0, at most 1.');
  return value;
}

export function list(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.some((item) => item === '')) throw new InvalidArgumentError('give names with a comma between them.');
  return items;
}
