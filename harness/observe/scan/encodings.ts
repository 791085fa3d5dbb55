import { gzipSync } from 'node:zlib';

/** How a text is looked for. `folded` patterns are compared without regard to the case of ASCII letters. */
export interface Encoding {
  readonly name: string;
  readonly folded: boolean;
  /** Every form that the text may have in this encoding, wherever it stands in what was encoded. */
  readonly patterns: (text: string) => readonly string[];
  /** The text as somebody would have written it, for the positive control. */
  readonly plant: (text: string) => Uint8Array;
}

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
const url = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/**
 * The characters of base64 that a text decides alone, for each of the three places where it may begin in a group of three
 * bytes: what its neighbours decide too is cut off.
 */
function base64Cores(text: string): readonly string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), utf8(text)]);
    const first = Math.ceil((before * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(first, end);
  });
}

const percentAll = (text: string): string =>
  [...utf8(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const jsonText = (text: string): string => JSON.stringify(text).slice(1, -1);
const jsonAscii = (text: string): string =>
  jsonText(text).replaceAll(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Encodings in which a text may hide. Compressed ones are undone before the search, and so have no patterns of their own. */
export const encodings: readonly Encoding[] = [
  // Only ASCII letters are compared without regard to case; the other ones are looked for in each.
  { name: 'raw', folded: true, patterns: (text) => [text, text.toUpperCase(), text.toLowerCase()], plant: utf8 },
  { name: 'upper case', folded: true, patterns: () => [], plant: (text) => utf8(text.toUpperCase()) },
  { name: 'base64', folded: false, patterns: base64Cores, plant: (text) => utf8(utf8(`, ${text}`).toString('base64')) },
  {
    name: 'base64url',
    folded: false,
    patterns: (text) => base64Cores(text).map(url),
    plant: (text) => utf8(utf8(`,${text}`).toString('base64url')),
  },
  {
    name: 'hex',
    folded: true,
    patterns: (text) => [utf8(text).toString('hex')],
    plant: (text) => utf8(utf8(text).toString('hex').toUpperCase()),
  },
  {
    name: 'URL',
    folded: true,
    patterns: (text) => [encodeURIComponent(text), encodeURIComponent(text).replaceAll('%20', '+'), percentAll(text)],
    plant: (text) => utf8(percentAll(text)),
  },
  {
    name: 'JSON',
    folded: true,
    patterns: (text) => [jsonText(text), jsonAscii(text), jsonText(text).replaceAll('/', '\\/')],
    plant: (text) => utf8(jsonAscii(`${text} é`)),
  },
  { name: 'gzip', folded: true, patterns: () => [], plant: (text) => gzipSync(utf8(text)) },
];
