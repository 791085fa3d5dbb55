import type { Message } from '../../model/flow.ts';
import { valuesAt, withValueAt, type JsonValue } from '../../model/json.ts';
import type { Misreading, Violation } from '../../model/workload.ts';
import { faultsOf, samplePayloadWith } from './schemas.ts';

type Place = Omit<Extract<Violation, { readonly kind: 'schema' }>, 'kind' | 'misread'>;

/** Payloads in which a text is looked for that a misreading alone takes. */
const mostDraws = 8;

/** Zero of the Arabic-Indic digits. */
const otherZero = 0x0660;
const zero = 0x30;

/** How a text is written that a misreading takes for the same. */
export const respellings: Readonly<Record<Misreading, (text: string) => string>> = {
  'line-end': (text) => `${text}\n`,
  'any-digit': (text) => text.replace(/(.*)([0-9])/s, (_, before: string, digit: string) => before + otherDigit(digit)),
  'any-case': (text) => text.replace(/[A-Za-z]/, otherCase),
};

const otherDigit = (digit: string): string => String.fromCharCode(otherZero + digit.charCodeAt(0) - zero);
const otherCase = (letter: string): string =>
  letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();

/** A pattern as it is misread. Undefined where that makes no difference, as far as its text tells. */
export function misreadPattern(pattern: string, misreading: Misreading): RegExp | undefined {
  switch (misreading) {
    case 'line-end':
      return /(?<!\\)\$$/.test(pattern) ? new RegExp(pattern.replace(/\$$/, '(?=\\n?$)'), 'u') : undefined;
    case 'any-digit':
      return pattern.includes('\\d') ? new RegExp(pattern.replaceAll('\\d', '\\p{Nd}'), 'u') : undefined;
    case 'any-case':
      return new RegExp(pattern, 'iu');
  }
}

/** The payload with the text at the place written so that it breaks the keyword there alone, and a misreading takes it; undefined where it cannot be. */
export function misreadAt(
  message: Message,
  place: Place,
  misreading: Misreading,
  payload: JsonValue,
): JsonValue | undefined {
  const text = valuesAt(payload, place.path)[0];
  if (typeof text !== 'string') return undefined;
  const other = respellings[misreading](text);
  const pattern = place.keyword === 'pattern' ? valuesAt(message.payload, place.schemaPath)[0] : undefined;
  if (place.keyword === 'pattern') {
    const misread = typeof pattern === 'string' ? misreadPattern(pattern, misreading) : undefined;
    if (misread?.test(other) !== true) return undefined;
  }
  const changed = withValueAt(payload, place.path, other);
  return faultsOf(message, changed).join() === `${place.keyword} ${place.path}` ? changed : undefined;
}

/** Whether there are such payloads. A text that a rule speaks of is none: whoever misreads the schema refuses it by the rule. */
export function isMisreadable(message: Message, place: Place, misreading: Misreading): boolean {
  const field = place.path.replaceAll(/\/\d+(?=\/|$)/g, '/*');
  if (message.rules.some((rule) => rule.rule !== 'not-before' && rule.field === field)) return false;
  return Array.from({ length: mostDraws }, (_, seed) => samplePayloadWith(message, place, seed)).some(
    (payload) => payload !== undefined && misreadAt(message, place, misreading, payload) !== undefined,
  );
}
