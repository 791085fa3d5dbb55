import { InvalidArgumentError } from 'commander';

/** Parsers of option values: each gives the value or says what it should have been. */
export function integer(text: string): number {
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(Number(text)))
    throw new InvalidArgumentError('Give a whole number.');
  return Number(text);
}

export function positive(text: string): number {
  const value = integer(text);
  if (value < 1) throw new InvalidArgumentError('Give a whole number above 0.');
  return value;
}

export function port(text: string): number {
  const value = integer(text);
  if (value < 1 || value > 65_535) throw new InvalidArgumentError('Give a port: 1 to 65535.');
  return value;
}

export function scale(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && value <= 1)) throw new InvalidArgumentError('Give a factor above 0, at most 1.');
  return value;
}

export function list(text: string): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  if (items.includes('')) throw new InvalidArgumentError('Give names with a comma between them.');
  return items;
}
