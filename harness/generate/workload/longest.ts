import type { Message } from '../../model/flow.ts';
import { isJsonObject, pointerToken, withValueAt } from '../../model/json.ts';
import { accepts, samplePayload } from '../events/schemas.ts';

/** One character of JSON Schema, two of UTF-16, four bytes of UTF-8. */
const wide = '🚓';

/**
 * Texts of a payload as long as their schema allows, in characters that some count double, by their place: of those members that take any
 * text, as far as `roomBytes` of the body go.
 */
export function longestTexts(message: Message, roomBytes: number): Readonly<Record<string, string>> {
  let left = roomBytes;
  const sampled = samplePayload(message, 0);
  const properties = isJsonObject(message.payload) ? message.payload['properties'] : undefined;
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, schema]) => {
      const length = isJsonObject(schema) ? schema['maxLength'] : undefined;
      if (typeof length !== 'number' || length * Buffer.byteLength(wide) > left) return [];
      const [place, text] = [`/${pointerToken(name)}`, wide.repeat(length)];
      const takes = (value: string): boolean => accepts(message, withValueAt(sampled, place, value));
      if (!takes(text) || takes(`${text}${wide}`)) return [];
      left -= Buffer.byteLength(text);
      return [[place, text] as const];
    }),
  );
}
