import { isJsonObject, type JsonObject, type JsonValue } from '../model/json.ts';
import { InvalidArgumentError } from 'commander';

/** Parsers of option values: each gives the value or says what it should have been. */
export function integer(text: string): number {
  return required(whole(text), 'Give a whole number.');
}

export function positive(text: string): number {
  return required(whole(text, 1), 'Give a whole number above 0.');
}

export function port(text: string): number {
  return required(whole(text, 1, 65_535), 'Give a port: 1 to 65535.');
}

export function scale(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return required(value > 0 && value <= 1 ? value : undefined, 'Give a factor above 0, at most 1.');
}

/** Values of an option that may be given again. */
export function gathered(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export function httpUrl(text: string): string {
  const url = URL.parse(text);
  return required(
    url !== null && /^https?:$/.test(url.protocol) ? text : undefined,
    'Give a URL such as http://localhost:8080/.',
  );
}

/** A day, or an instant, as ISO 8601 writes them. */
export function date(text: string): string {
  const isDate = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:?\d{2})?)?$/.test(text) && !Number.isNaN(Date.parse(text));
  return required(isDate ? text : undefined, 'Give a date such as 2026-03-01.');
}

/** Members that a consumer version selector of a Pact Broker has. */
const selectorMembers: readonly string[] = [
  'mainBranch',
  'branch',
  'matchingBranch',
  'fallbackBranch',
  'deployed',
  'released',
  'deployedOrReleased',
  'environment',
  'consumer',
  'latest',
  'tag',
  'fallbackTag',
];

/** Consumer version selectors as JSON: a list of objects, or one of them. */
export function selectors(text: string): readonly JsonObject[] {
  let value: JsonValue | undefined;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    value = undefined;
  }
  const list: readonly JsonValue[] = Array.isArray(value) ? (value as readonly JsonValue[]) : [value ?? null];
  const isSelector = (each: JsonValue): each is JsonObject =>
    isJsonObject(each) && Object.keys(each).every((name) => selectorMembers.includes(name));
  const found = list.length > 0 && list.every(isSelector) ? list : undefined;
  return required(
    found,
    `Give JSON such as [{"mainBranch":true},{"deployedOrReleased":true}], with ${selectorMembers.join(', ')}.`,
  );
}

export function seconds(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return required(value >= 0 && value <= 86_400 ? value : undefined, 'Give seconds, 0 or more.');
}

/** Names with a comma between them; an option that is given again adds to those before. */
export function list(text: string, before: readonly string[] = []): readonly string[] {
  const items = text.split(',').map((item) => item.trim());
  return [...before, ...required(items.includes('') ? undefined : items, 'Give names with a comma between them.')];
}

function whole(text: string, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = Number(text);
  return /^-?\d+$/.test(text) && value >= least && value <= most ? value : undefined;
}

function required<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new InvalidArgumentError(otherwise);
  return value;
}
