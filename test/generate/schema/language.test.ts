import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryOf, simplestOf } from '../../../harness/generate/schema/choices.ts';
import { codePoints } from '../../../harness/generate/schema/json.ts';
import { languageOf, type Language, type TextRules } from '../../../harness/generate/schema/language.ts';

const rules = (more: Partial<TextRules>): TextRules => ({
  patterns: [],
  notPatterns: [],
  notTexts: [],
  minLength: 0,
  maxLength: Infinity,
  ...more,
});
const drawn = (language: Language, n: number): string[] =>
  fc.sample(arbitraryOf(language.draw), { seed: 1, numRuns: n });

/** Regular expressions of a small alphabet, with and without anchors and lookaheads. */
const { pattern } = fc.letrec<{ pattern: string; sequence: string; part: string; atom: string }>((tie) => ({
  pattern: fc
    .tuple(
      fc.constantFrom('', '^', '(?:^|b)'),
      fc.array(tie('sequence'), { minLength: 1, maxLength: 2 }),
      fc.constantFrom('', '$'),
    )
    .map(([begin, sequences, end]) => `${begin}(?:${sequences.join('|')})${end}`),
  sequence: fc.array(tie('part'), { maxLength: 2 }).map((parts) => parts.join('')),
  part: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+', '?', '{2}')).map((both) => both.join('')),
    },
    { weight: 1, arbitrary: fc.constant('$') },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('(?=', '(?!'), tie('sequence')).map(([open, body]) => `${open}${body})`),
    },
  ),
  atom: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '\\d', '\\w', 'é', '😀'),
    tie('sequence').map((body) => `(?:${body})`),
  ),
}));

const accepted = (language: Language | undefined): string[] =>
  language === undefined ? [] : drawn(language, 12).filter((text) => language.accepts?.(text) ?? true);

describe('the language of a pattern', () => {
  it('holds only texts that the pattern matches, and that of its opposite none', () => {
    fc.assert(
      fc.property(pattern, (source) => {
        const regex = new RegExp(source, 'u');
        const wanted = languageOf(rules({ patterns: [source], maxLength: 12 }));
        const unwanted = languageOf(rules({ notPatterns: [source], maxLength: 12 }));
        expect(accepted(wanted).filter((text) => !regex.test(text))).toEqual([]);
        expect(accepted(unwanted).filter((text) => regex.test(text))).toEqual([]);
      }),
      { seed: 20_261_123, numRuns: 300 },
    );
  });

  it('is empty only where no short text of the alphabet matches', () => {
    const alphabet = ['a', 'b', '0', 'é', '😀', '-'];
    const words = ['', ...alphabet, ...alphabet.flatMap((x) => alphabet.map((y) => x + y))];
    fc.assert(
      fc.property(pattern, (source) => {
        const regex = new RegExp(source, 'u');
        const isEmpty = languageOf(rules({ patterns: [source], maxLength: 2 })) === undefined;
        expect(isEmpty ? words.filter((word) => regex.test(word)) : []).toEqual([]);
      }),
      { seed: 20_261_124, numRuns: 300 },
    );
  });

  it('keeps to the lengths, in code points, and reaches both', () => {
    const language = languageOf(rules({ patterns: ['^(?:😀|ab)+$'], minLength: 3, maxLength: 6 })) as Language;
    const lengths = drawn(language, 200).map(codePoints);
    expect([Math.min(...lengths), Math.max(...lengths)]).toEqual([3, 6]);
  });

  it('finds the only length that is possible', () => {
    const language = languageOf(
      rules({ patterns: ['^(?:abc)*$', '^(?:.....)*$'], minLength: 1, maxLength: 20 }),
    ) as Language;
    expect(simplestOf(language.draw)).toBe('abcabcabcabcabc');
  });

  it('leaves out texts that are excluded', () => {
    const language = languageOf(rules({ patterns: ['^[ab]$'], notTexts: ['a'] })) as Language;
    expect(new Set(drawn(language, 30))).toEqual(new Set(['b']));
  });
});
