/**
 * The formats of JSON Schema 2020-12 as patterns. `usual` is what is generated: readable, and taken by
 * every validator. `wide` is tried where `usual` cannot be met together with the other keywords. A broken format
 * stays out of `loose` (else `wide`), which holds all that some validator might take.
 */
interface Format {
  readonly usual: string;
  readonly wide?: string;
  readonly loose?: string;
}

const LEAP = '(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const LEAP_USUAL = '(?:19(?:7[26]|8[048]|9[26])|20(?:[02468][048]|[13579][26]))';
const dateOf = (year: string, leap: string): string =>
  `(?:${year}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))|${leap}-02-29)`;
const DATE = dateOf('(?:19[7-9]\\d|20\\d\\d)', LEAP_USUAL);
const DATE_WIDE = dateOf('\\d{4}', LEAP);
const HOUR = '(?:[01]\\d|2[0-3])';
const CLOCK = `${HOUR}:[0-5]\\d:[0-5]\\d`;
const OFFSET = `(?:Z|[+\\-](?:0\\d|1[0-3]):(?:00|15|30|45))`;
const TIME = `${CLOCK}(?:\\.\\d{1,6})?${OFFSET}`;
const TIME_WIDE = `${CLOCK}(?:\\.\\d+)?(?:[Zz]|[+\\-]${HOUR}:[0-5]\\d)`;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `(?:${BYTE}\\.){3}${BYTE}`;
const H16 = '[0-9a-f]{1,4}';
/** No hyphens in third and fourth place, which are reserved for what is encoded in Punycode. */
const SIMPLE_LABEL = '[a-z](?:[a-z0-9]{0,11}|[a-z0-9]{2,8}-[a-z0-9]{1,5})';
const HOST = `${SIMPLE_LABEL}(?:\\.${SIMPLE_LABEL}){1,2}`;
const HOST_WIDE = `[a-zA-Z0-9]+(?:\\.[a-zA-Z0-9]+)*`;
const ESCAPED = '%[0-9A-F]{2}';
const SEGMENT = `(?:[a-zA-Z0-9\\-._~!$&'()*+,;=:@]|${ESCAPED})`;
const SIMPLE_SEGMENT = `(?:[a-z0-9\\-_.]|%C3%A9|%20)+`;
const URI = `https?://${HOST}(?::[1-9]\\d{1,3})?(?:/${SIMPLE_SEGMENT}){0,3}/?(?:\\?[a-z]+=[a-z0-9]+)?(?:#[a-z]+)?|urn:[a-z][a-z0-9]{1,7}:[a-z0-9]+(?:[:\\-][a-z0-9]+){0,2}`;
const URI_WIDE = `[a-zA-Z][a-zA-Z0-9+\\-.]*:(?://${HOST_WIDE}(?::\\d+)?(?:/${SEGMENT}*)*|/?${SEGMENT}+(?:/${SEGMENT}*)*)(?:\\?(?:${SEGMENT}|[/?])*)?(?:#(?:${SEGMENT}|[/?])*)?`;
const RELATIVE = `(?:\\.\\./|/)?${SIMPLE_SEGMENT}(?:/${SIMPLE_SEGMENT}){0,2}(?:#[a-z]+)?`;
const RELATIVE_WIDE = `(?:(?:/${SEGMENT}|[a-zA-Z0-9])[a-zA-Z0-9\\-._~]*(?:/${SEGMENT}*)*)?(?:\\?(?:${SEGMENT}|[/?])*)?(?:#(?:${SEGMENT}|[/?])*)?`;
const WORD = '[a-z0-9]+';
const POINTER = '(?:/(?:[^~/]|~0|~1)*)*';
const LETTERS = 'a-z0-9àéüñø日本語';

const FORMATS: Readonly<Record<string, Format>> = {
  'date-time': { usual: `${DATE}T${TIME}`, wide: `${DATE_WIDE}[Tt]${TIME_WIDE}` },
  date: { usual: DATE, wide: DATE_WIDE },
  time: { usual: TIME, wide: TIME_WIDE },
  duration: {
    usual:
      'P(?:[1-9]\\d?D|T(?:[1-9]\\d?H(?:[1-9]\\d?M)?|[1-9]\\d?M(?:[1-9]\\d?S)?|[1-9]\\d?S)|[1-9]\\d?W|[1-9]\\d?Y(?:[1-9]M)?|[1-9]\\d?DT[1-9]H)',
    wide: 'P(?:\\d+W|(?:\\d+D|\\d+M(?:\\d+D)?|\\d+Y(?:\\d+M(?:\\d+D)?)?)(?:T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S))?|T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S))',
  },
  email: {
    usual: `${WORD}(?:[.+_\\-]${WORD}){0,2}@${HOST}`,
    wide: `[a-zA-Z0-9+_\\-]+(?:\\.[a-zA-Z0-9+_\\-]+)*@${HOST_WIDE}\\.[a-zA-Z]{2,}`,
    loose: '[\\s\\S]*@[\\s\\S]*',
  },
  'idn-email': { usual: `[${LETTERS}]{1,12}@${HOST}`, loose: '[\\s\\S]*@[\\s\\S]*' },
  hostname: { usual: HOST, wide: HOST_WIDE, loose: '[a-zA-Z0-9.\\-]*' },
  'idn-hostname': {
    usual: `(?:[a-zéüñø]{1,10}|[日本語]{1,5})\\.${SIMPLE_LABEL}`,
    loose: '[^\\s/@:?#&=+*!,;"<>(){}\\[\\]]*',
  },
  ipv4: { usual: IPV4 },
  ipv6: {
    usual: `(?:${H16}:){7}${H16}|::1|::|(?:${H16}:){1,6}:${H16}`,
    wide: `(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|(?:[0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|::ffff:${IPV4}`,
    loose: '[0-9a-fA-F:.]*',
  },
  uri: { usual: URI, wide: URI_WIDE, loose: '[a-zA-Z][a-zA-Z0-9+\\-.]*:[\\s\\S]*' },
  'uri-reference': { usual: `${URI}|${RELATIVE}`, wide: `${URI_WIDE}|${RELATIVE_WIDE}`, loose: '[!-~]*' },
  iri: { usual: `https?://${HOST}(?:/[${LETTERS}\\-]+){0,3}`, loose: '[a-zA-Z][a-zA-Z0-9+\\-.]*:[\\s\\S]*' },
  'iri-reference': {
    usual: `(?:https?://${HOST})?(?:/[${LETTERS}\\-]+){1,3}`,
    loose: '[^\\s<>"{}|\\\\^`]*',
  },
  'uri-template': {
    usual: `(?:https://${HOST})?(?:/(?:${WORD}|\\{[a-z]{1,8}\\})){1,3}(?:\\{\\?[a-z]{1,8}(?:,[a-z]{1,8})?\\})?`,
    loose: '[^{}<> "%]*',
  },
  uuid: {
    usual: '[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}',
    wide: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  },
  'json-pointer': { usual: `(?:/(?:[a-zA-Z0-9_ é日]|~0|~1)*){0,4}`, wide: POINTER },
  'relative-json-pointer': {
    usual: `(?:0|[1-9]\\d?)(?:#|(?:/[a-z0-9]+){0,3})`,
    wide: `(?:0|[1-9]\\d*)(?:#|${POINTER})`,
  },
  regex: {
    usual: '\\^?(?:[a-z0-9]|\\[[a-f]+\\]|\\([a-z]+\\))(?:[*+?]|\\{[1-9]\\})?(?:[a-z0-9][*+?]?){0,6}\\$?',
    loose: '[^()\\[\\]*+?\\\\{}]*',
  },
};

export const isFormat = (name: string): boolean => Object.hasOwn(FORMATS, name);

/** Anchored patterns: what to generate from, most readable first. */
export function formatPatterns(name: string): readonly string[] {
  const { usual, wide } = FORMATS[name] as Format;
  return [usual, ...(wide === undefined ? [] : [wide])].map(whole);
}

/** A pattern that every text of the format matches, and more. */
export function looseFormat(name: string): string {
  const { usual, wide, loose } = FORMATS[name] as Format;
  return whole(loose ?? wide ?? usual);
}

const whole = (pattern: string): string => `^(?:${pattern})$`;

/** Base64 and its kin as patterns, by `contentEncoding`. */
export const ENCODINGS: Readonly<Record<string, string>> = {
  base64: '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$',
  base64url: '^(?:[A-Za-z0-9_\\-]{4})*(?:[A-Za-z0-9_\\-][AQgw](?:==)?|[A-Za-z0-9_\\-]{2}[AEIMQUYcgkosw048]=?)?$',
  base32: '^(?:[A-Z2-7]{8})*$',
  base16: '^(?:[0-9A-F]{2})*$',
  '7bit': '^[\\t\\n\\r -~]*$',
  '8bit': '',
  binary: '',
};
