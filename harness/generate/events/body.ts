import type { JsonValue } from '../../model/json.ts';
import type { noJson } from '../../model/workload.ts';
import type { Random } from '../random.ts';

/**
 * A payload's bytes. The writing varies (indentation, escaped characters) within what JSON allows, so that an adapter
 * that reads and writes the body again, or trims it or composes its accents anew, instead of copying it, changes it. Padded with
 * spaces to `bytes` where given; then every character stands for itself. Where a way of writing would take more than `mostBytes`, the
 * shortest is taken.
 */
export function bodyOf(
  payload: JsonValue,
  bytes: number | undefined,
  random: Random,
  mostBytes = Number.POSITIVE_INFINITY,
): Uint8Array {
  const style = random.integer(0, 2);
  let text = JSON.stringify(payload, null, style === 1 ? 1 : 0);
  // An accent that is a character of its own is not escaped: composing it with the letter before is to show.
  if (style === 2 && bytes === undefined) text = text.replaceAll(/[^\p{ASCII}\p{M}]/gu, escaped);
  // No two writers agree on this blank, so a body written again always differs.
  let body = Buffer.from(`\n${text.replace(/^([[{])/, '$1 ')} \n`, 'utf8');
  if (body.length > Math.min(bytes ?? mostBytes, mostBytes)) body = Buffer.from(shortest(payload), 'utf8');
  if (bytes === undefined) return body;
  if (body.length > bytes)
    throw new RangeError(`the payload alone has ${String(body.length)} bytes, more than ${String(bytes)}`);
  return Buffer.concat([body, Buffer.alloc(bytes - body.length, ' ')]);
}

/** A body that says the same in another writing: no blank stands where one stood. */
export const rewritten = (body: Uint8Array): Uint8Array =>
  Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString('utf8'))), 'utf8');

/** A body made so that it is no JSON in UTF-8 any more; a lenient reader takes all of them but the empty one. */
export function spoilt(body: Uint8Array, how: (typeof noJson)[number]): Uint8Array {
  const text = Buffer.from(body);
  switch (how) {
    case 'empty':
      return Buffer.alloc(0);
    case 'cut':
      return Buffer.from(text.toString('utf8').trimEnd().slice(0, -1), 'utf8');
    case 'trailing':
      return Buffer.concat([text, Buffer.from('{}')]);
    case 'not-utf8': {
      // In the name of a member that nobody declared: whatever a reader makes of it is no fault of another kind.
      const inside = text.indexOf('{') + 1;
      const member = Buffer.from('"added\xff":null,', 'latin1');
      return Buffer.concat([text.subarray(0, inside), member, text.subarray(inside)]);
    }
  }
}

/** The shortest that `bodyOf` writes of a payload. */
export const shortest = (payload: JsonValue): string => JSON.stringify(payload).replace(/^([[{])/, '$1 ');

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
