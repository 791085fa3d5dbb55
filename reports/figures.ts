import type { VerdictWord } from '../harness/model/verdict.ts';

/** Stands for a figure that there is not. */
export const NO_FIGURE = '–';

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
const tenths = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium', timeZone: 'UTC' });

export function count(n: number): string {
  return Number.isFinite(n) ? whole.format(n) : NO_FIGURE;
}

/** `1 clause`, `21 clauses`. */
export function counted(n: number, noun: string): string {
  return `${count(n)} ${n === 1 ? noun : `${noun}s`}`;
}

/** Milliseconds in the unit that suits them: `0.4 ms`, `12.3 ms`, `1.25 s`, `2 min 5 s`, `7 d`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return NO_FIGURE;
  const sign = ms < 0 ? '-' : '';
  const size = Math.abs(ms);
  if (size < 999.5) return `${sign}${threeDigits.format(size)} ms`;
  if (size < 59_950) return `${sign}${threeDigits.format(size / 1000)} s`;
  const seconds = Math.round(size / 1000);
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return `${sign}${parts
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${whole.format(n)} ${unit}`)
    .join(' ')}`;
}

/** A point in a trial, fine enough to tell what came first: `1,204.3 ms`. */
export function instant(ms: number): string {
  return Number.isFinite(ms) ? `${tenths.format(ms)} ms` : NO_FIGURE;
}

/** `75 / s`, to three digits. */
export function rate(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${threeDigits.format(perSecond)} / s` : NO_FIGURE;
}

/** A rate between 0 and 1 as a percentage of two digits; above 99 of one decimal, so that nothing is all of it but 1. */
export function percent(rate: number): string {
  if (!Number.isFinite(rate)) return NO_FIGURE;
  if (rate > 0.99 && rate < 1) return `${Math.floor(rate * 1000) / 10} %`;
  return `${twoDigits.format(rate * 100)} %`;
}

/** An RFC 3339 time as `21 July 2026 at 14:03:07 UTC`; what is no time, as it is. */
export function dateTime(text: string): string {
  const at = Date.parse(text);
  return Number.isNaN(at) ? text : `${moment.format(at)} UTC`;
}

/** A verdict as it is read: `not tested`. */
export function verdictText(word: VerdictWord): string {
  return word.replace('-', ' ');
}
