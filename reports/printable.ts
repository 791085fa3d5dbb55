/** What a terminal obeys, XML forbids or a reader cannot see: controls, halves of pairs, non-characters, turns of direction. */
const unprintable =
  /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Text on one line, with what cannot be printed written out: `\u{1b}`. */
export function printable(text: string): string {
  return text
    .replaceAll(/[\t\r\n]+/gu, ' ')
    .replaceAll(unprintable, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `deadLetter` as `dead letter`. */
export function words(name: string): string {
  return name.replaceAll(/[A-Z]/gu, (letter) => ` ${letter.toLowerCase()}`);
}
