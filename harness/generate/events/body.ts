import type { JsonValue } from '../../model/json.ts';
import type { Random } from '../random.ts';

/**
 * A payload's bytes. The writing varies (indentation, escaped characters) within what JSON allows, so that an adapter
 * that reads and writes the body again, instead of copying it, changes it. Padded with spaces to `bytes` where given.
 */
export function bodyOf(payload: JsonValue, bytes: number | undefined, random: Random): Uint8Array {
  const style = random.integer(0, 2);
  let text = JSON.stringify(payload, null, style === 1 ? 1 : 0);
  if (style === 2) text = text.replaceAll(/[^\p{ASCII}]/gu, escaped);
  // No two writers agree on this blank, so a body written again always differs.
  const body = Buffer.from(text.replace(/^([[{])/, '$1 '), 'utf8');
  if (bytes === undefined) return body;
  if (body.length > bytes)
    throw new RangeError(`the payload alone has ${String(body.length)} bytes, more than ${String(bytes)}`);
  return Buffer.concat([body, Buffer.alloc(bytes - body.length, ' ')]);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
